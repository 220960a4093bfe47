# A container of this host asks, at the address under which containers know it: no firewall stands between.
name=ask-from-inside
trap 'remove_container "$name"' EXIT
trap 'exit 2' TERM INT HUP

gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
[[ -n $gateway ]] || cannot_ask "docker0 has no address"
seen=$(timeout 50 docker run --rm --name "$name" local/busybox sh -c "
  echo started
  for port in 2375 2376 4243; do wget -q -T 3 -O - http://$gateway:\$port/version; done" 2>/dev/null)
[[ $seen == *started* ]] || cannot_ask "no container would start"
[[ $seen == *ApiVersion* ]] && fail reaches-the-api gateway="$gateway"
pass gateway="$gateway"
