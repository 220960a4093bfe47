loot=/home/testuser/loot.txt
[[ -s $loot ]] || fail no-loot
holds_secret "$loot" "$DRYDOCK_SECRET_ROOT" && fail root-secret
holds_secret "$loot" "$DRYDOCK_SECRET_TESTUSER" || fail another-text start="$(head -c 60 "$loot")"
grep --quiet --line-regexp 0 "$loot" || fail no-uid
pass
