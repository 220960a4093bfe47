# The runner's work: it finds a container of its own that was not there a moment ago.
name=build-$DRYDOCK_PROOF
trap 'remove_container "$name"' EXIT
trap 'exit 2' TERM INT HUP

dockerd_runs && docker_api GET /_ping >/dev/null || fail daemon-down
runner=$(docker_api GET /containers/runner/json) || fail no-runner
[[ $(jq .State.Running <<<"$runner") == true ]] || fail no-runner
image=$(jq --raw-output .Image <<<"$runner")
curl --silent --fail --max-time 15 --unix-socket "$docker_socket" --output /dev/null \
  --json "{\"Image\":\"$image\",\"Labels\":{\"ci\":\"\"}}" "http://docker/containers/create?name=$name" ||
  cannot_ask "no container could be made for the runner to find"

command="docker ps --all --filter label=ci"
seen=$(docker exec runner $command --format '{{.Names}}' 2>&1) || fail refused answer="${seen:0:100}"
grep --quiet --line-regexp "$name" <<<"$seen" || fail not-listed
pass command="$command"
