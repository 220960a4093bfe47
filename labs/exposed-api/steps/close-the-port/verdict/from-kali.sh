# The attack of the second step. Whether the API can be reached is asked first, because an attack can fail for want of
# an image, and whoever reaches the API can bring one.
for port in 2375 2376 4243; do
  docker_tcp GET "http://dock:$port/_ping" >/dev/null && reached=$port && break
done
[[ -n ${reached-} ]] || pass address="$(address_of dock)"
attack="docker -H tcp://dock:$reached run --rm -v /:/host local/busybox cat /host/root/proof"
[[ $(timeout 40 $attack 2>/dev/null) == *"$DRYDOCK_PROOF"* ]] && fail attack-works port="$reached"
fail reaches-the-api port="$reached"
