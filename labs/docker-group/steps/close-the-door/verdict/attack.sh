# The attack of the second step, against a proof that nobody has seen yet, by an alice who has just logged in.
lay_proof

# One login for all of it: logging in is what takes longest. The last question is asked because an attack can fail for
# want of an image, and whoever reaches the API can bring one.
attack="docker run --rm --name $proof_container --volume /:/host local/busybox cat /host$proof_file"
seen=$(as_fresh_login alice "
  if $attack; then echo way: docker; elif sudo -n $attack; then echo way: sudo docker; fi
  curl --silent --fail --max-time 15 --unix-socket $docker_socket http://docker/_ping >/dev/null; case \$? in 0 | 28) echo reached ;; esac
" 2>/dev/null)
way=$(sed -n 's/^way: //p' <<<"$seen")
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works command="$way run -v /:/host …"
[[ $seen == *reached* ]] && fail reaches-the-api groups="$(id -Gn alice)"

gid=$(getent group docker | cut -d: -f3)
while read -r pid uid command; do
  [[ $uid == "$(id -u alice)" ]] && fail old-login command="$command" pid="$pid"
done < <(processes_with_gid "$gid")

# It was there before: the uses are asked first.
dockerd_runs || fail daemon-down
pass command="docker run -v /:/host … cat /host$proof_file" groups="$(id -Gn alice)"
