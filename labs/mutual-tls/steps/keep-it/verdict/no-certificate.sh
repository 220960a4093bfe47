status=$(as_user mallory curl --silent --insecure --max-time 10 --output /dev/null --write-out '%{http_code}' https://dock:2376/containers/json)
case $? in
  7 | 28) cannot_ask "port 2376 did not answer" ;;
esac
[[ $status == 000 ]] && pass
fail answers status="$status"
