# With olga's own certificate, from an address that is not her desk's.
address=10.0.0.77
trap 'ip address del "$address/32" dev eth0 2>/dev/null' EXIT
trap 'exit 2' TERM INT HUP
ip address add "$address/32" dev eth0 || cannot_ask "no second address"
curl --silent --insecure --interface "$address" --connect-timeout 4 --max-time 10 --output /dev/null https://dock:2376/_ping
case $? in
  7 | 28) pass address="$address" ;;
esac
fail reaches-the-port address="$address"
