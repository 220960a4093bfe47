# A container asks, at the address under which containers know the host: no firewall stands between.
gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
[[ -n $gateway ]] || cannot_ask "docker0 has no address"
name=$(docker_api GET /containers/json | jq --raw-output '[.[].Names[0] | ltrimstr("/") | select(IN("web", "metrics", "jobs"))] | first // empty')
[[ -n $name ]] || cannot_ask "none of the three containers runs"
seen=$(docker exec "$name" sh -c "
  for port in 2375 2376 4243; do wget -q -T 20 -O - http://$gateway:\$port/version & done
  wait
  echo asked" 2>/dev/null)
[[ $seen == *ApiVersion* ]] && fail reaches-the-api name="$name" gateway="$gateway"
[[ $seen == *asked* ]] || cannot_ask "nothing could be asked from $name"
pass name="$name" gateway="$gateway"
