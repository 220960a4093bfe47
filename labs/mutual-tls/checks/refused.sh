file=/home/mallory/refused.txt
[[ -f $file ]] || fail no-file
[[ -s $file ]] || fail empty
grep --quiet --ignore-case --extended-regexp 'certificate required|bad certificate' "$file" || fail something-else start="$(head -c 100 "$file")"
pass
