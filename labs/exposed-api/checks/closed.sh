# Whatever listens on TCP is asked whether the API is behind it. A port of another number, a proxy in front of the
# socket and a socket unit of systemd's all answer alike.

# answers ADDRESS:PORT [COMMAND…]: whether the API answers there without a certificate, asked by way of COMMAND.
answers() {
  local address=$1 code version
  shift
  read -r code version < <("$@" curl --silent --max-time 8 --output /dev/null --write-out '%{http_code} %header{api-version}\n' "http://$address/_ping")
  [[ -n $version ]] && return 0
  # A server of TLS answers plain HTTP with 400 or not at all; any other answer is from somebody who speaks HTTP only.
  [[ $code == 400 || $code == 000 ]] || return 1
  [[ -n $("$@" curl --silent --insecure --max-time 8 --output /dev/null --write-out '%header{api-version}' "https://$address/_ping") ]]
}

while read -r local process; do
  port=${local##*:}
  # Asking sshd would start it, and fill its log.
  [[ $port == 22 ]] && continue
  case ${local%:*} in '*' | 0.0.0.0 | '[::]') probe=127.0.0.1 ;; *) probe=${local%:*} probe=${probe%%%*} ;; esac
  answers "$probe:$port" || continue
  if iptables-save 2>/dev/null | grep --quiet -- "--dport $port .*-j \(DROP\|REJECT\)"; then
    # A container is asked without starting one: with its network, and the host's curl.
    pid=$(docker_api GET /containers/shop/json | jq .State.Pid)
    gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
    [[ $pid =~ ^[1-9] ]] && answers "$gateway:$port" nsenter --target "$pid" --net && fail filtered port="$port" gateway="$gateway"
  fi
  name=$(sed -n 's/^users:(("\([^"]*\)".*/\1/p' <<<"$process")
  fail answers address="$local" process="${name:-systemd}"
done < <(ss --no-header --listening --tcp --numeric --processes | awk '{ print $4, $6 }')
pass
