# What the process may do is read off the process, and what it was given off the order.
dockerd_runs || cannot_ask "dockerd is not running"
web=$(docker_api GET /containers/web/json) || fail gone
{ read -r pid && read -r privileged && read -r writable && read -r others; } < <(jq --raw-output '
  .State.Pid, .HostConfig.Privileged or .HostConfig.PidMode == "host",
  any(.Mounts[]; .Source == "/srv/web" and .RW),
  ([.Mounts[].Source | select(. != "/srv/web")] | join(" "))' <<<"$web")
((pid > 0)) || fail stopped
[[ $privileged == true ]] && fail privileged
[[ -n $others ]] && fail mounts sources="$others"
status=$(cat "/proc/$pid/status") && root=$(awk '$5 == "/" { print $6 }' "/proc/$pid/mountinfo") || cannot_ask "web ended meanwhile"
of() { awk -v name="$1:" '$1 == name { print $2 }' <<<"$status"; }
[[ $(of Uid) == 0 ]] && fail root
[[ $(of CapBnd) == 0000000000000000 ]] || fail capabilities set="$(of CapBnd)"
[[ $(of NoNewPrivs) == 1 ]] || fail new-privileges
[[ $root == ro* ]] || fail writable
[[ $writable == true ]] && fail pages
pass
