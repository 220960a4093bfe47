[[ -S $docker_socket ]] || fail gone
mode=$(stat -c %a "$docker_socket")
((mode % 10 == 0)) || fail mode mode="$mode"
[[ $(ls -ld "$docker_socket") == ??????????+* ]] && fail acl entries="$(getfacl --omit-header --absolute-names "$docker_socket" | paste -sd ' ')"
unit=$(systemctl show --property=SocketMode,NeedDaemonReload docker.socket)
next=$(sed -n 's/^SocketMode=//p' <<<"$unit")
[[ $next == *0 ]] || fail next-start mode="$next"
[[ $unit == *NeedDaemonReload=yes* ]] && fail not-reloaded
pass
