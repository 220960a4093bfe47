# A job that was not there a moment ago has to be on the list, also after a crash.
name=job-$DRYDOCK_PROOF
trap 'remove_container "$name"' EXIT
trap 'exit 2' TERM INT HUP

image=$(docker_api GET /containers/jobs/json | jq --raw-output .Image)
curl --silent --fail --max-time 15 --unix-socket "$docker_socket" --output /dev/null \
  --json "{\"Image\":\"$image\",\"Labels\":{\"job\":\"\"}}" "http://docker/containers/create?name=$name"
case $? in
  0) ;;
  28) cannot_ask "dockerd did not answer in time" ;;
  *) fail gone ;;
esac
crash_container jobs || fail stays-down
seen=$(curl --silent --retry 10 --retry-delay 1 --retry-all-errors --retry-max-time 45 --max-time 10 http://10.0.0.10:8080/cgi-bin/list)
[[ $seen == *"$name"* ]] || fail not-listed start="${seen:0:60}"
pass
