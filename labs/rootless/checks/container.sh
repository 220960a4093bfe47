docker_socket=/run/user/1000/docker.sock
containers=$(docker_api GET /containers/json) || fail no-daemon
id=$(jq --raw-output '.[0].Id // empty' <<<"$containers")
if [[ -z $id ]]; then
  docker_socket=/run/docker.sock
  dockerd_runs && [[ $(docker_api GET /containers/json) == *'"Id"'* ]] && fail other-daemon
  fail no-container
fi
pid=$(docker_api GET "/containers/$id/json" | jq --raw-output .State.Pid)
uid=$(awk '$1 == "Uid:" { print $2 }' "/proc/$pid/status") || cannot_ask "container $id ended meanwhile"
[[ $uid == 0 ]] && fail root-outside pid="$pid"
pass
