file=/home/olga/past.txt
[[ -f $file ]] || fail no-file
holds_secret "$file" "$DRYDOCK_SECRET_ROOT" || fail another-text start="$(head -c 60 "$file")"
pass
