# testuser's own containers, with all that Docker lets them ask for, against a proof of root's and one of testuser's.
file=/root/proof-$$
own=/home/testuser/.proof-$$
name=proof-$$

clean_up() {
  rm -f "$file" "$own"
  remove_container "$name"
  docker_socket=/run/user/1000/docker.sock
  [[ -S $docker_socket ]] && docker_api DELETE "/containers/$name?force=1&v=1" >/dev/null
  return 0
}
trap clean_up EXIT
trap 'exit 2' TERM INT HUP

(umask 077 && printf '%s\n' "$DRYDOCK_PROOF" > "$file" && printf 'own %s\n' "${DRYDOCK_PROOF:0:12}" > "$own")
chown testuser: "$own"
seen=$(as_fresh_login testuser "
  timeout 40 docker run --rm --name $name --privileged --pid host --volume /:/host local/busybox sh -c \\
    'cat /host$own; cat /host$file; nsenter -t 1 -m cat $file'
" 2>&1)
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works
[[ $seen == *"own ${DRYDOCK_PROOF:0:12}"* ]] || fail not-tried output="$(tail -n 1 <<<"$seen")"
pass
