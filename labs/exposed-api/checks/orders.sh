file=/home/mallory/orders.txt
[[ -s $file ]] || fail no-file
holds_secret "$file" "$DRYDOCK_SECRET_ORDERS" || fail another-text start="$(head -c 60 "$file")"
pass
