# With olga's own certificate, from an address that is not her desk's.
address=10.0.0.77
trap 'ip address del "$address/32" dev eth0 2>/dev/null' EXIT
trap 'exit 2' TERM INT HUP
ip address add "$address/32" dev eth0 || cannot_ask "no second address"
connected=$(curl --silent --insecure --interface "$address" --connect-timeout 10 --output /dev/null \
  --write-out '%{time_connect}' https://dock:2376/_ping)
ended=$?
# Whether TCP got through, whatever became of TLS.
[[ $connected == 0.000000 ]] || fail reaches-the-port address="$address"
((ended == 7 || ended == 28)) || cannot_ask "curl ended with $ended"
pass address="$address"
