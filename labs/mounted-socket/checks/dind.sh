file=/home/olga/dind.txt
[[ -f $file ]] || fail no-file
grep --quiet --fixed-strings -- "$(tr -d '[:space:]' <<<"$DRYDOCK_SECRET_ROOT")" "$file" || fail another-text start="$(head -c 60 "$file")"
pass
