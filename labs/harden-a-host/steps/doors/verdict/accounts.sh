# deploy, who has just logged in, and www-data, which stands for every service that somebody breaks into.
name=proof-$$
trap 'remove_container "$name"' EXIT
trap 'exit 2' TERM INT HUP

ping="curl --silent --fail --max-time 15 --unix-socket $docker_socket http://docker/_ping"
seen=$(as_fresh_login deploy "
  docker run --rm --name $name --volume /root:/r local/busybox cat /r/proof
  $ping >/dev/null; case \$? in 0 | 28) echo reached ;; esac" 2>/dev/null)
[[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works
[[ $seen == *reached* ]] && fail reaches-the-api user=deploy
as_user www-data $ping >/dev/null
case $? in 0 | 28) fail reaches-the-api user=www-data ;; esac
# It was there before: nobody's attack counts against a daemon that is down.
dockerd_runs && docker_api GET /_ping >/dev/null || fail daemon-down
pass groups="$(id -Gn deploy)"
