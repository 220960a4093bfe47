# A container of this host asks, at the address under which containers know it: no firewall stands between.
name=ask-from-inside
trap 'remove_container "$name"' EXIT
trap 'exit 2' TERM INT HUP

gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
[[ -n $gateway ]] || cannot_ask "docker0 has no address"
seen=$(docker run --rm --name "$name" local/busybox sh -c "
  for port in 2375 2376 4243; do wget -q -T 20 -O - http://$gateway:\$port/version & done
  wait
  echo asked" 2>/dev/null)
[[ $seen == *ApiVersion* ]] && fail reaches-the-api gateway="$gateway"
[[ $seen == *asked* ]] || cannot_ask "no container could ask"
pass gateway="$gateway"
