dockerd_runs || cannot_ask "dockerd is not running"
containers=$(docker_api GET '/containers/json?all=1') || cannot_ask "no answer from dockerd"
strangers=$(jq --raw-output '[.[] | select(.Names != ["/shop"])] | sort_by(.State != "running") | .[] | "\(.State) \(.Names[0] | ltrimstr("/"))"' <<<"$containers")
[[ -n $strangers ]] || pass
read -r state name <<<"$strangers"
[[ $state == running || $state == restarting ]] && fail running name="$name"
fail stopped name="$name"
