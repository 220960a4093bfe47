for port in 2375 2376; do
  docker_tcp GET "http://dock:$port/_ping" >/dev/null && fail answers port="$port"
done
pass
