# mallory, with nothing, and with what was made by means of the authority's key.
reach() { curl --silent --insecure --max-time 30 --output /dev/null --write-out '%header{api-version}' "$@"; }
kept=(--cert /root/kept/cert.pem --key /root/kept/key.pem)
for port in 2375 2376 4243; do
  # Nobody there, or a packet filter; who is there may be slow to answer.
  timeout 5 bash -c "exec 3<>/dev/tcp/dock/$port" 2>/dev/null || continue
  for way in http https; do
    version=$(reach "$way://dock:$port/_ping")
    ended=$?
    [[ -n $version ]] && fail reaches-the-api port="$port"
    ((ended == 28)) && cannot_ask "port $port did not answer in time"
  done
  version=$(reach "${kept[@]}" "https://dock:$port/_ping")
  ended=$?
  ((ended == 28)) && cannot_ask "port $port did not answer in time"
  [[ -n $version ]] || continue
  seen=$(timeout 60 docker --tls --tlscert /root/kept/cert.pem --tlskey /root/kept/key.pem -H "tcp://dock:$port" \
    run --rm --volume /root:/r local/busybox cat /r/proof 2>/dev/null)
  [[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works port="$port"
  fail gets-in port="$port"
done
pass address="$(address_of dock)"
