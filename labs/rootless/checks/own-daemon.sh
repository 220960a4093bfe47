docker_socket=/run/user/1000/docker.sock
[[ -S $docker_socket ]] || fail no-socket
read -r pid uid name < <(socket_peer "$docker_socket") || fail nobody-listens
[[ $uid == "$(id -u testuser)" ]] || fail somebody-else user="$(id -un "$uid")" process="$name" pid="$pid"
docker_api GET /_ping >/dev/null || fail silent status="$?"
pass
