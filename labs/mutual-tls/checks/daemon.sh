state=$(systemctl show --property=ActiveState --value docker.service)
if ! dockerd_runs; then
  [[ $(systemctl show --property=ExecStart --value docker.service) =~ (-H|--host|--tls) ]] &&
    jq --exit-status '.hosts or has("tlsverify")' /etc/docker/daemon.json >/dev/null 2>&1 && fail conflict
  [[ $(systemctl show --property=Result --value docker.service) == start-limit-hit ]] && fail given-up
  [[ $state == activating ]] && cannot_ask "dockerd is being started"
  fail down
fi
[[ $state == activating ]] && cannot_ask "dockerd is starting"
docker_api GET /_ping >/dev/null || fail silent status="$?"
pass
