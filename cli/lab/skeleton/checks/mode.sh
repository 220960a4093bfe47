[[ -f /srv/key.txt ]] || fail gone
mode=$(stat -c %a /srv/key.txt)
[[ $mode == *0 ]] || fail open mode="$mode"
pass
