# Nobody reboots for this: it asks what systemd would start next.
unit=$(systemctl show --property=NeedDaemonReload,FragmentPath,DropInPaths,ExecStart,TriggeredBy docker.service)
property() { sed -n "s/^$1=//p" <<<"$unit"; }

# The first address in a command line that is neither handed over by systemd nor a Unix socket.
address_in() {
  grep --only-matching --extended-regexp -- '(^|[[:space:]])(-H|--host)[=[:space:]]*[^[:space:];]+' |
    sed -E 's/^[[:space:]]*(-H|--host)[=[:space:]]*//' | grep --invert-match --extended-regexp '^(fd|unix)://' | head -n 1
}

[[ $(property NeedDaemonReload) == yes ]] && fail not-reloaded

files="$(property FragmentPath) $(property DropInPaths)"
runtime=$(tr ' ' '\n' <<<"$files" | grep --max-count=1 ^/run/)
[[ -n $runtime ]] && fail runtime-only file="$runtime"

host=$(property ExecStart | address_in)
if [[ -n $host ]]; then
  fail unit host="$host" file="$(grep --no-messages --files-with-matches --fixed-strings -- "$host" $files | tail -n 1)"
fi

# What systemd itself listens on, and hands to dockerd.
for socket in $(property TriggeredBy); do
  stream=$(systemctl show --property=Listen --value "$socket" | grep --max-count=1 --invert-match '^/')
  [[ -n $stream ]] && fail socket-unit unit="$socket" address="${stream% (*}"
done

host=$(grep --no-messages '^[^#]*DOCKER_OPTS' /etc/default/docker | tr -d "\"'" | sed 's/=/ /' | address_in)
[[ -n $host ]] && fail defaults host="$host"

host=$(jq --raw-output '.hosts // [] | if type == "string" then [.] else . end | .[]' /etc/docker/daemon.json 2>/dev/null |
  grep --max-count=1 --invert-match --extended-regexp '^(fd|unix)://')
[[ -n $host ]] && fail daemon-json host="$host"
pass
