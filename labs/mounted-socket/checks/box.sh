# What the runner was started with. Whoever may talk to dockerd or containerd is root, wherever their socket came from.
dockerd_runs || fail daemon-down
runner=$(docker_api GET /containers/runner/json) || fail gone
facts=$(jq --raw-output '
  .State.Running, .HostConfig.Privileged, .HostConfig.PidMode,
  (.Mounts[] | (if .RW then "rw" else "ro" end) + " " + .Source)' <<<"$runner") || cannot_ask "no answer to read"
{
  read -r running && read -r privileged && read -r pid_mode
  while read -r mode source; do
    for socket in /run/docker.sock /run/containerd/containerd.sock; do
      [[ $source -ef $socket && $mode == ro ]] && fail socket-read-only source="$source"
      [[ $source -ef $socket ]] && fail socket source="$source"
      folder=$(realpath "$source")
      [[ $socket == "${folder%/}"/* ]] && fail parent source="$source"
    done
  done
} <<<"$facts"
[[ $privileged == true || $pid_mode == host ]] && fail privileged
[[ $running == true ]] || fail stopped
pass
