# The attack of the group docker, against a proof that nobody has seen yet, by an alice who has just logged in.
file=/root/proof-$$
name=proof-$$

clean_up() {
  rm -f "$file"
  remove_container "$name"
}
trap clean_up EXIT
trap 'exit 2' TERM INT HUP

(umask 077 && printf '%s\n' "$DRYDOCK_PROOF" > "$file")
seen=$(as_fresh_login alice "
  timeout 40 docker run --rm --name $name --volume /:/host local/busybox cat /host$file
  curl --silent --fail --max-time 15 --unix-socket $docker_socket http://docker/_ping >/dev/null && echo reached
" 2>/dev/null)
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works
[[ $seen == *reached* ]] && fail reaches-the-api groups="$(id -Gn alice)"
pass groups="$(id -Gn alice)"
