file=/home/olga/ro.txt
[[ -f $file ]] || fail no-file
grep --quiet 'Read-only file system' "$file" || fail writable start="$(head -c 60 "$file")"
grep --quiet --fixed-strings -- "$(tr -d '[:space:]' <<<"$DRYDOCK_SECRET_ROOT")" "$file" || fail no-secret
pass
