# mallory, with nothing, and with what was made by means of the authority's key.
reach() { curl --silent --insecure --connect-timeout 3 --max-time 20 --output /dev/null --write-out '%header{api-version}' "$@"; }
kept=(--cert /root/kept/cert.pem --key /root/kept/key.pem)
for port in 2375 2376 4243; do
  [[ -n $(reach "http://dock:$port/_ping") ]] && fail reaches-the-api port="$port"
  [[ -n $(reach "https://dock:$port/_ping") ]] && fail reaches-the-api port="$port"
  [[ -n $(reach "${kept[@]}" "https://dock:$port/_ping") ]] || continue
  seen=$(timeout 60 docker --tls --tlscert /root/kept/cert.pem --tlskey /root/kept/key.pem -H "tcp://dock:$port" \
    run --rm --volume /root:/r local/busybox cat /r/proof 2>/dev/null)
  [[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works port="$port"
  fail gets-in port="$port"
done
pass address="$(address_of dock)"
