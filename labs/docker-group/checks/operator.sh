dockerd_runs || fail down
docker_api GET /_ping --as olga >/dev/null || fail refused groups="$(id -Gn olga)"
pass
