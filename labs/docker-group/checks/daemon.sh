dockerd_runs || fail down
docker_api GET /_ping >/dev/null || fail silent status="$?"
pass
