file=/home/mallory/shop.json
[[ -f $file ]] || fail no-file
[[ -s $file ]] || fail empty
grep --quiet '"Name": *"/shop"' "$file" || fail not-the-shop start="$(head -c 60 "$file")"
pass
