file=/home/olga/before.txt
[[ -f $file ]] || fail no-file
grep --quiet --extended-regexp '^dock: [0-9]+ WARN' "$file" || fail another-text start="$(head -c 60 "$file")"
pass
