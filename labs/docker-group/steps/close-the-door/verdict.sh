# The attack of the second step, against a secret that nobody has seen yet, by an alice who has just logged in.
proof=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
file=/root/proof-$$
name=proof-$$

clean_up() {
  rm -f "$file"
  remove_container "$name"
}
trap clean_up EXIT
trap 'exit 2' TERM INT HUP

dockerd_runs && docker_api GET /_ping >/dev/null || fail daemon-down
(umask 077 && printf '%s\n' "$proof" > "$file")

attack="docker run --rm --name $name --volume /:/host local/busybox cat /host$file"
for way in "$attack" "sudo -n $attack"; do
  seen=$(as_fresh_login alice "timeout 40 $way" 2>/dev/null)
  [[ $seen == *"$proof"* ]] && fail attack-works command="${way%% run *} run -v /:/host …"
done

# Without the image the attack fails and proves nothing: whoever reaches the API can bring another one.
as_fresh_login alice "curl --silent --fail --max-time 15 --unix-socket $docker_socket http://docker/_ping" >/dev/null 2>&1 &&
  fail reaches-the-api groups="$(id -Gn alice)"

gid=$(getent group docker | cut -d: -f3)
while read -r pid uid command; do
  [[ $uid == "$(id -u alice)" ]] && fail old-login command="$command" pid="$pid"
done < <(processes_with_gid "$gid")

docker_api GET /containers/json >/dev/null || fail daemon-down
as_fresh_login olga "docker ps" >/dev/null 2>&1 || fail operator-refused
pass
