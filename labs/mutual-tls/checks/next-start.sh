# Nobody reboots for this: it asks what systemd would start next.
property() { systemctl show --property="$1" --value docker.service; }
pid=$(pgrep --exact --oldest dockerd)
[[ -n $pid && $pid != "$(property MainPID)" ]] && fail by-hand
[[ $(property NeedDaemonReload) == yes ]] && fail not-reloaded
start=$(property ExecStart)
if [[ ! $start =~ --tlsverify([[:space:]]|=true|=1) ]]; then
  [[ $start == *--tlsverify=* ]] && fail switched-off
  [[ $(jq .tlsverify /etc/docker/daemon.json 2>/dev/null) == true ]] || fail not-asked
fi
grep --quiet --recursive --no-messages -- 'dport 2376' /etc/systemd /etc/iptables /etc/nftables.conf /etc/network || fail no-filter
pass
