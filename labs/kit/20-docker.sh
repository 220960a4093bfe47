# Asking the daemon by hand: a second faster than the docker command on an emulated machine.

docker_socket=/run/docker.sock

# dockerd_runs: true while a dockerd is alive. Asks nobody: connecting to the socket would start one.
dockerd_runs() {
  local pid
  pid=$(cat /run/docker.pid 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]]
}

# docker_api METHOD PATH [--as USER]: prints the body. Returns 0 for 2xx, 22 for another answer, 7 when the socket
# would not open. With --as it is asked with the groups that USER would get from a login today.
docker_api() {
  local method=$1 path=$2 as=()
  [[ ${3-} == --as ]] && as=(as_user "$4")
  "${as[@]}" curl --silent --fail --max-time 15 --request "$method" --unix-socket "$docker_socket" "http://docker$path"
}

# remove_container NAME: gone, whether it runs, has stopped or never was.
remove_container() {
  dockerd_runs && docker_api DELETE "/containers/$1?force=1&v=1" >/dev/null
  return 0
}

# crash_container NAME: kills its first process behind the daemon's back, as a crash would end it, and waits until the
# daemon has started it again. Returns 1 if that does not happen. `docker kill` would not do: what somebody stopped stays.
crash_container() {
  local before pid status policy deadline=$((SECONDS + 70))
  before=$(docker_api GET "/containers/$1/json" | jq .State.Pid)
  [[ $before =~ ^[1-9] ]] && kill -KILL "$before" || return 1
  while ((SECONDS < deadline)); do
    sleep 0.5
    read -r pid status policy < <(docker_api GET "/containers/$1/json" |
      jq --raw-output '"\(.State.Pid) \(.State.Status) \(.HostConfig.RestartPolicy.Name)"')
    [[ $pid =~ ^[1-9] && $pid != "$before" ]] && return 0
    [[ $status == exited && ${policy:-no} == no ]] && return 1
  done
  return 1
}
