# Nobody reboots for this: it asks what the next start would read.
unit=$(systemctl show --property=NeedDaemonReload,FragmentPath,DropInPaths,ExecStart docker.service)
[[ $unit == *NeedDaemonReload=yes* ]] && fail not-reloaded
if [[ $unit =~ (-H|--host)[=\ ]*(tcp://[^\ \;]+) ]]; then
  fail unit host="${BASH_REMATCH[2]}"
fi
for file in /etc/systemd/system/*.socket; do
  stream=$(sed -n 's/^ListenStream=\([^/]*\)$/\1/p' "$file" 2>/dev/null | head -n 1)
  [[ -n $stream ]] && systemctl --quiet is-enabled "${file##*/}" && fail socket-unit unit="${file##*/}" address="$stream"
done
for host in $(jq --raw-output '.hosts // [] | .[] | select(startswith("tcp://"))' /etc/docker/daemon.json 2>/dev/null); do
  tcp_listeners "${host##*:}" >/dev/null || fail comes-back host="$host"
done
pass
