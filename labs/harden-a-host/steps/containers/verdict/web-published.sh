# deploy publishes a page, the server crashes, and a customer reads the page.
page=release-$$.txt
trap 'rm -f "/srv/web/$page"' EXIT
trap 'exit 2' TERM INT HUP

as_fresh_login deploy "echo $DRYDOCK_PROOF > /srv/web/$page" || fail not-published
crash_container web || fail stays-down
seen=$(curl --silent --retry 10 --retry-delay 1 --retry-all-errors --retry-max-time 45 --max-time 10 "http://10.0.0.10/$page")
[[ $seen == "$DRYDOCK_PROOF" ]] || fail not-served start="${seen:0:60}"
pass
