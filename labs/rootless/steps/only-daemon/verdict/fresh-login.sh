# testuser logs in anew and gives no address: whatever docker finds by itself is what a person would use.
seen=$(as_fresh_login testuser 'docker ps' 2>&1) || fail refused output="$(tail -n 1 <<<"$seen")"
pass
