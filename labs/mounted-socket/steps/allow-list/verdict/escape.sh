# From the runner to the host: the attack of the second step at every socket that it can see, then past the container's
# walls, as a privileged one could.
lay_proof
image=$(docker_api GET /containers/runner/json | jq --raw-output .Image)
disk=$(findmnt --noheadings --output SOURCE /)

seen=$(timeout 150 docker exec runner sh -c '
  file=$1 name=$2 image=$3 disk=$4
  attack() { timeout 40 docker "$@" run --name "$name" -v /:/host "$image" cat "/host$file"; }
  echo "way: ${DOCKER_HOST:-/var/run/docker.sock}"
  attack
  find / \( -path /proc -o -path /sys -o -path /var/run/docker.sock \) -prune -o -type s -print | head -n 4 |
    while read -r socket; do
      echo "way: $socket"
      attack -H "unix://$socket"
    done
  echo "way: disk"
  mkdir /tmp/disk && mount "$disk" /tmp/disk && cat "/tmp/disk$file"
  umount /tmp/disk
  rmdir /tmp/disk
  echo "way: namespaces"
  nsenter -t 1 -m cat "$file"
' sh "$proof_file" "$proof_container" "$image" "$disk" 2>/dev/null)

way=$(awk -v proof="$DRYDOCK_PROOF" '/^way: / { way = $2 } index($0, proof) { print way; exit }' <<<"$seen")
case $way in
  disk | namespaces) fail privileged way="$way" ;;
  ?*) fail attack-works socket="$way" ;;
esac
docker_api GET "/containers/$proof_container/json" >/dev/null && fail created
# All of it was tried, and on a daemon that answers.
[[ $seen == *'way: namespaces'* ]] || cannot_ask "the attack ended early: ${seen:0:200}"
dockerd_runs && docker_api GET /_ping >/dev/null || fail daemon-down
pass
