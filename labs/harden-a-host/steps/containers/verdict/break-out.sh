# Somebody runs commands in each of the three, as whoever the container runs as: files of the host's, its disk, the
# namespaces of process 1, the API. In web also the pages, which are all there is to take there.
made=proof-$$
clean_up() {
  remove_container "$made"
  rm -f /srv/web/defaced.html
}
trap clean_up EXIT
trap 'exit 2' TERM INT HUP

disk=$(findmnt --noheadings --output SOURCE /)
image=$(docker_api GET /containers/web/json | jq --raw-output .Image)
order="{\"Image\":\"$image\",\"HostConfig\":{\"Binds\":[\"/:/host\"]}}"
for name in web metrics jobs; do
  seen=$(timeout 60 docker exec "$name" sh -c '
    disk=$1 order=$2 made=$3
    echo "way: files"
    cat /host/root/proof /mnt/root/proof
    echo "way: disk"
    mkdir /tmp/disk && mount "$disk" /tmp/disk && cat /tmp/disk/root/proof
    umount /tmp/disk
    rmdir /tmp/disk
    echo "way: namespaces"
    nsenter -t 1 -m cat /root/proof
    [ -x /bin/curl ] && curl -s -m 10 -o /dev/null --unix-socket /var/run/docker.sock -H "Content-Type: application/json" \
      -d "$order" "http://docker/containers/create?name=$made"
    touch /www/defaced.html
    echo "way: end"
  ' sh "$disk" "$order" "$made" 2>/dev/null)
  way=$(awk -v proof="$DRYDOCK_PROOF" '/^way: / { way = $2 } index($0, proof) { print way; exit }' <<<"$seen")
  [[ -n $way ]] && fail attack-works name="$name" way="$way"
  [[ -e /srv/web/defaced.html ]] && fail defaced
  docker_api GET "/containers/$made/json" >/dev/null && fail created name="$name"
  [[ $seen == *'way: end'* ]] || cannot_ask "the attack in $name ended early: ${seen:0:200}"
done
dockerd_runs && docker_api GET /_ping >/dev/null || fail daemon-down
pass
