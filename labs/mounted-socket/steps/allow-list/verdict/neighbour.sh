# From the runner to a container that is none of its business: what it mounts, its environment, its command.
file=/root/neighbour-$$
name=neighbour-$$

clean_up() {
  remove_container "$name"
  rm -f "$file"
}
trap clean_up EXIT
trap 'exit 2' TERM INT HUP

(umask 077 && printf 'file-%s\n' "$DRYDOCK_PROOF" > "$file")
# It would refuse what is asked on behalf of the test as well.
jq --exit-status '.["authorization-plugins"][0]' /etc/docker/daemon.json >/dev/null 2>&1 && fail plugin
image=$(docker_api GET /containers/runner/json | jq --raw-output .Image)
neighbour=$(jq --null-input --compact-output --arg image "$image" --arg proof "$DRYDOCK_PROOF" --arg file "$file" '{
  Image: $image, Cmd: ["echo", "command-\($proof)"], Env: ["PASSWORD=env-\($proof)"], HostConfig: {Binds: ["\($file):/proof:ro"]}
}')
curl --silent --fail --max-time 15 --unix-socket "$docker_socket" --output /dev/null --json "$neighbour" \
  "http://docker/containers/create?name=$name" || cannot_ask "no neighbour could be made"

seen=$(timeout 100 docker exec runner sh -c '
  docker cp "$1:/proof" - | tar -xO
  docker inspect "$1"
  docker ps --all --no-trunc
  echo tried
' sh "$name" 2>/dev/null)

[[ $seen == *"file-$DRYDOCK_PROOF"* ]] && fail archive
[[ $seen == *"env-$DRYDOCK_PROOF"* ]] && fail inspect
[[ $seen == *"command-$DRYDOCK_PROOF"* ]] && fail listed
[[ $seen == *tried* ]] || cannot_ask "the attack ended early: ${seen:0:200}"
docker_api GET "/containers/$name/json" >/dev/null || cannot_ask "the neighbour is gone"
pass
