# testuser's own containers, with all that Docker lets them ask for, against a proof of root's and one of testuser's.
own=/home/testuser/.proof-$$

clean_up() {
  clear_proof
  rm -f "$own"
  docker_socket=/run/user/1000/docker.sock
  [[ -S $docker_socket ]] && docker_api DELETE "/containers/$proof_container?force=1&v=1" >/dev/null
}
lay_proof
trap clean_up EXIT

(umask 077 && printf 'own %s\n' "${DRYDOCK_PROOF:0:12}" > "$own")
chown testuser: "$own"
seen=$(as_fresh_login testuser "
  docker run --rm --name $proof_container --privileged --pid host --volume /:/host local/busybox sh -c \\
    'cat /host$own; cat /host$proof_file; nsenter -t 1 -m cat $proof_file'
" 2>&1)
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works
[[ $seen == *"own ${DRYDOCK_PROOF:0:12}"* ]] || fail not-tried output="$(tail -n 1 <<<"$seen")"
pass
