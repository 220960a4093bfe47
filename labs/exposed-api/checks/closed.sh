# Whatever listens on TCP is asked whether the API is behind it. A port of another number, a proxy in front of the
# socket and a socket unit of systemd's all answer alike.
answers() { # ADDRESS:PORT [COMMAND…]: whether the API answers there, asked from here or by way of COMMAND
  local address=$1 scheme
  shift
  for scheme in http https; do
    [[ -n $("$@" curl --silent --insecure --max-time 3 --output /dev/null --write-out '%header{api-version}' "$scheme://$address/_ping") ]] && return 0
  done
  return 1
}

# A container is asked without starting one: with its network, and the host's curl.
shop_process() {
  docker_api GET /containers/shop/json | jq --raw-output .State.Pid
}

while read -r local process; do
  port=${local##*:}
  address=${local%:*}
  case $address in '*' | 0.0.0.0 | '[::]') probe=127.0.0.1 ;; *) probe=${address%%%*} ;; esac
  answers "$probe:$port" || continue
  name=$(sed -n 's/^users:(("\([^"]*\)".*/\1/p' <<<"$process")
  if iptables-save 2>/dev/null | grep --quiet -- "--dport $port.*-j \(DROP\|REJECT\)"; then
    pid=$(shop_process)
    gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
    [[ $pid =~ ^[1-9] ]] && answers "$gateway:$port" nsenter --target "$pid" --net && fail filtered port="$port" gateway="$gateway"
  fi
  fail answers address="$local" process="${name:-systemd}"
done < <(ss --no-header --listening --tcp --numeric --processes | awk '{ print $4, $6 }')
pass
