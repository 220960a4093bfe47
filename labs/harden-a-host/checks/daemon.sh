# While it starts there is nothing to say.
state=$(systemctl show --property=ActiveState --value docker.service)
if ! dockerd_runs; then
  [[ $(systemctl show --property=ExecStart --value docker.service) =~ (-H|--host) ]] &&
    jq --exit-status .hosts /etc/docker/daemon.json >/dev/null 2>&1 && fail conflict
  [[ $(systemctl show --property=Result --value docker.service) == start-limit-hit ]] && fail given-up
  [[ $state == activating ]] && cannot_ask "dockerd is being started"
  fail down
fi
[[ $state == activating ]] && cannot_ask "dockerd is starting"
docker_api GET /_ping --as olga >/dev/null || fail refused groups="$(id -Gn olga)"
systemctl --quiet is-enabled docker.service || fail not-at-boot
pass
