# A file of /proc's tells a number. A folder of the host's tells whatever is in it.
dockerd_runs || cannot_ask "dockerd is not running"
metrics=$(docker_api GET /containers/metrics/json) || fail gone
[[ $(jq '.HostConfig.Privileged or .HostConfig.PidMode == "host"' <<<"$metrics") == true ]] && fail privileged
while read -r source; do
  source=$(realpath "$source")
  [[ $source == /srv/metrics* ]] && continue
  [[ $source == / ]] && fail everything
  [[ -f $source && $source == /proc/* && $source != /proc/*/* ]] || fail more source="$source"
done < <(jq --raw-output '.Mounts[].Source' <<<"$metrics")
pass
