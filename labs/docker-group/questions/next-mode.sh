mode=$(systemctl show --property=SocketMode --value docker.socket)
[[ $mode == 0* ]] || cannot_ask "docker.socket has the mode '$mode'"
printf '%s\n' "$mode" "${mode#0}"
