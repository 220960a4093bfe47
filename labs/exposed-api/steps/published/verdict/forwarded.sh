# Whoever is on this segment may hand packets for dock's containers to dock.
containers=172.17.0.0/16
if [[ -z $(ip route show "$containers") ]]; then
  trap 'ip route delete "$containers"' EXIT
  trap 'exit 2' TERM INT HUP
  ip route add "$containers" via "$(address_of dock)" || cannot_ask "no route"
fi
orders=$(tr -d '[:space:]' <<<"$DRYDOCK_SECRET_ORDERS")
seen=$(curl --silent --parallel --connect-timeout 3 --max-time 10 'http://172.17.0.[2-6]:8081/today.txt')
[[ $seen == *"$orders"* ]] && fail reaches-the-container
pass
