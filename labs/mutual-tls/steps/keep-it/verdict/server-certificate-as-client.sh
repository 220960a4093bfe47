# Asked on the host, where the key is, past any filter.
rule=(INPUT -i lo -p tcp --dport 2376 -j ACCEPT)
cd /etc/docker/tls && [[ -s server-cert.pem && -s server-key.pem ]] || cannot_ask "no server certificate in /etc/docker/tls"
iptables -w -I "${rule[@]}" || cannot_ask "iptables failed"
trap 'iptables -w -D "${rule[@]}"' EXIT
trap 'exit 2' TERM INT HUP
status=$(curl --silent --insecure --max-time 10 --cert server-cert.pem --key server-key.pem --output /dev/null --write-out '%{http_code}' "https://$(address_of dock):2376/containers/json")
case $? in
  7 | 28) cannot_ask "port 2376 did not answer" ;;
esac
[[ $status == 000 ]] && pass
fail answers status="$status"
