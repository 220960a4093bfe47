dockerd_runs || fail down
id=$(jq --raw-output '.Id // empty' /home/olga/created.json 2>/dev/null)
[[ $id =~ ^[0-9a-f]{64}$ ]] || fail none-created
state=$(docker_api GET "/containers/$id/json" | jq .State)
[[ -n $state ]] || fail none-created
problem=$(jq --raw-output '.Error // empty' <<<"$state")
[[ -z $problem ]] || fail would-not-start problem="${problem:0:160}"
[[ $(jq --raw-output .StartedAt <<<"$state") != 0001-* ]] || fail never-started
pass
