dockerd_runs || cannot_ask "dockerd is not running"
for name in web metrics jobs; do
  container=$(docker_api GET "/containers/$name/json") || fail gone name="$name"
  policy=$(jq --raw-output .HostConfig.RestartPolicy.Name <<<"$container")
  [[ $policy == always || $policy == unless-stopped ]] || fail policy name="$name" policy="$policy"
done
pass
