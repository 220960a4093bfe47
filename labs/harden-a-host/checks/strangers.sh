dockerd_runs || cannot_ask "dockerd is not running"
containers=$(docker_api GET '/containers/json?all=1') || cannot_ask "no answer from dockerd"
strangers=$(jq --raw-output '[.[] | {state: .State, name: .Names[0] | ltrimstr("/")} | select(.name | IN("web", "metrics", "jobs", "nightly") | not)]
  | sort_by(.state != "running") | .[] | "\(.state) \(.name)"' <<<"$containers")
[[ -n $strangers ]] || pass
read -r state name <<<"$strangers"
[[ $state == running || $state == restarting ]] && fail running name="$name"
fail stopped name="$name"
