file=/home/olga/ro.txt
[[ -f $file ]] || fail no-file
grep --quiet 'Read-only file system' "$file" || fail writable start="$(head -c 60 "$file")"
holds_secret "$file" "$DRYDOCK_SECRET_ROOT" || fail no-secret
pass
