[[ $(systemctl is-active docker.socket) == active ]] && fail socket-listens
for unit in docker.socket docker.service; do
  state=$(systemctl is-enabled "$unit" 2>/dev/null)
  [[ $state == enabled* ]] && fail starts-again unit="$unit"
done
[[ -S /run/docker.sock ]] && fail dead-socket
pass
