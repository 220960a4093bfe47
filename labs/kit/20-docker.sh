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
