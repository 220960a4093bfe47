# A container asks, at the address under which containers know the host: no firewall stands between.
gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
[[ -n $gateway ]] || cannot_ask "docker0 has no address"
name=$(docker_api GET /containers/json | jq --raw-output '[.[].Names[0] | ltrimstr("/") | select(IN("web", "metrics", "jobs"))] | first // empty')
[[ -n $name ]] || cannot_ask "none of the three containers runs"
seen=$(timeout 80 docker exec "$name" sh -c "
  echo started
  for port in 2375 2376 4243; do wget -q -T 20 -O - http://$gateway:\$port/version; done" 2>/dev/null)
[[ $seen == *started* ]] || cannot_ask "nothing could be run in $name"
[[ $seen == *ApiVersion* ]] && fail reaches-the-api name="$name" gateway="$gateway"
pass name="$name" gateway="$gateway"
