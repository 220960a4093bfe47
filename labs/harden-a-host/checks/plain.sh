# Whatever listens on TCP is asked whether the API is behind it, without a certificate; a proxy in front of the socket
# is as good as dockerd. All at once: one after the other would take seconds.
addresses=$(ss --no-header --listening --tcp --numeric | awk '
  # Asking sshd would start it, and fill its log.
  $4 ~ /:22$/ { next }
  { sub(/^(\*|0\.0\.0\.0|\[::\])/, "127.0.0.1", $4); sub(/%[^:]*/, "", $4) }
  $4 !~ /\[/ { print $4 }' | sort --unique | paste -sd ,)
[[ -n $addresses ]] || pass
open=$(curl --silent --insecure --parallel --max-time 5 --output /dev/null --write-out '%header{api-version} %{url}\n' \
  "http://{$addresses}/_ping" --next --silent --insecure --max-time 5 --output /dev/null \
  --write-out '%header{api-version} %{url}\n' "https://{$addresses}/_ping" | awk 'NF == 2 { print $2; exit }')
[[ -n $open ]] || pass
address=${open#*://} address=${address%/_ping} port=${address##*:}
process=$(ss --no-header --listening --tcp --numeric --processes "sport = :$port" | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
gateway=$(ip -4 -oneline address show docker0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p')
fail answers address="$address" process="${process:-systemd}" gateway="${gateway:-docker0}:$port"
