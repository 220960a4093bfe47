# The attack of the group docker, against a proof that nobody has seen yet, by an alice who has just logged in.
lay_proof
seen=$(as_fresh_login alice "
  docker run --rm --name $proof_container --volume /:/host local/busybox cat /host$proof_file
  curl --silent --fail --max-time 15 --unix-socket $docker_socket http://docker/_ping >/dev/null; case \$? in 0 | 28) echo reached ;; esac
" 2>/dev/null)
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works
[[ $seen == *reached* ]] && fail reaches-the-api groups="$(id -Gn alice)"
pass groups="$(id -Gn alice)"
