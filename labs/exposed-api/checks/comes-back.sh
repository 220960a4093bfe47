dockerd_runs || cannot_ask "dockerd is not running"
containers=$(docker_api GET '/containers/json?all=1') || cannot_ask "no answer from dockerd"
strangers=$(jq --raw-output '.[] | select(.Names != ["/shop"]) | .Id' <<<"$containers")
[[ -n $strangers ]] || fail no-container
for id in $strangers; do
  [[ $(docker_api GET "/containers/$id/json" | jq --raw-output .HostConfig.RestartPolicy.Name) == always ]] && pass
done
fail not-always name="$(jq --raw-output '[.[] | .Names[0] | ltrimstr("/") | select(. != "shop")] | first' <<<"$containers")"
