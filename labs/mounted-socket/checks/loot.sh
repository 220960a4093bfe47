loot=/srv/ci/work/loot.txt
[[ -f $loot ]] || fail no-loot
[[ -s $loot ]] || fail empty
holds_secret "$loot" "$DRYDOCK_SECRET_ROOT" || fail another-text start="$(head -c 60 "$loot")"
pass
