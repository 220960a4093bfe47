loot=/srv/ci/work/loot.txt
[[ -f $loot ]] || fail no-loot
[[ -s $loot ]] || fail empty
grep --quiet --fixed-strings -- "$(tr -d '[:space:]' <<<"$DRYDOCK_SECRET_ROOT")" "$loot" || fail another-text start="$(head -c 60 "$loot")"
pass
