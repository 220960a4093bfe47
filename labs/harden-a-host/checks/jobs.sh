# Whoever may talk to dockerd is root, wherever the socket came from; so first what is mounted, then who answers there.
dockerd_runs || cannot_ask "dockerd is not running"
jobs=$(docker_api GET /containers/jobs/json) || fail gone
[[ $(jq '.HostConfig.Privileged or .HostConfig.PidMode == "host"' <<<"$jobs") == true ]] && fail privileged
while read -r mode source; do
  for socket in /run/docker.sock /run/containerd/containerd.sock; do
    [[ $source -ef $socket && $mode == ro ]] && fail socket-read-only
    [[ $source -ef $socket ]] && fail socket
    folder=$(realpath "$source")
    [[ $socket == "${folder%/}"/* ]] && fail parent source="$source"
  done
done < <(jq --raw-output '.Mounts[] | (if .RW then "rw " else "ro " end) + .Source' <<<"$jobs")
pid=$(jq .State.Pid <<<"$jobs")
socket=/proc/$pid/root/var/run/docker.sock
[[ $pid != 0 && -S $socket ]] || pass
question=(--silent --max-time 8 --output /dev/null --write-out '%{http_code} ' --unix-socket "$socket")
read -r create inspect < <(curl "${question[@]}" --request POST http://docker/containers/create \
  --next "${question[@]}" http://docker/containers/web/json)
[[ $create == 403 || $create == 000 ]] || fail create status="$create"
[[ $inspect == 403 || $inspect == 000 ]] || fail inspect status="$inspect"
pass
