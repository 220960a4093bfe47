dockerd_runs || cannot_ask "dockerd is not running"
docker_api GET '/containers/json?all=true' | jq length || cannot_ask "the daemon did not answer"
