# Asks what the runner could ask, at the socket that the runner sees.
dockerd_runs || fail daemon-down
pid=$(docker_api GET /containers/runner/json | jq .State.Pid)
((pid > 0)) || fail no-runner
socket=/proc/$pid/root/var/run/docker.sock
[[ -S $socket ]] || fail no-socket
question=(--silent --max-time 8 --output /dev/null --write-out '%{http_code} ' --unix-socket "$socket")
read -r list create inspect archive < <(
  curl "${question[@]}" http://docker/v1.45/containers/json \
    --next "${question[@]}" --request POST http://docker/containers/create \
    --next "${question[@]}" http://docker/containers/backup/json \
    --next "${question[@]}" --head 'http://docker/containers/backup/archive?path=/data'
)
[[ $list == 000 ]] && fail silent
[[ $create == 403 ]] || fail create status="$create"
[[ $inspect == 403 ]] || fail inspect status="$inspect"
[[ $archive == 403 ]] || fail archive status="$archive"
[[ $list == 200 ]] || fail list status="$list"
pass
