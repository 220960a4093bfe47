dockerd_runs || fail down
container=$(docker_api GET /containers/first/json)
case $? in
  0) ;;
  22)
    others=$(docker_api GET '/containers/json?all=true' | jq --raw-output '.[].Names[0] | ltrimstr("/")' | paste -sd ' ')
    [[ -n $others ]] && fail another-name names="$others"
    fail no-container
    ;;
  *) cannot_ask "the daemon did not answer" ;;
esac
command=$(jq --raw-output '.Config.Cmd // [] | join(" ")' <<<"$container")
[[ $(jq --raw-output .State.Status <<<"$container") == created ]] && fail never-started command="$command"
[[ $(jq .State.Running <<<"$container") == true ]] || fail ended command="$command"
[[ -s $(jq --raw-output .GraphDriver.Data.UpperDir <<<"$container")/note ]] || fail no-note
pass
