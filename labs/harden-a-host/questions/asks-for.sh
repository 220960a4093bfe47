port=2376
tcp_listeners $port >/dev/null || { echo closed; exit; }
[[ -n $(curl --silent --insecure --max-time 5 --output /dev/null --write-out '%header{api-version}' "https://127.0.0.1:$port/_ping") ]] &&
  { echo nothing; exit; }
echo certificate
