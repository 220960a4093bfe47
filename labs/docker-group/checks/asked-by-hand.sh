file=/home/alice/version.json
[[ -f $file ]] || fail no-file
[[ -s $file ]] || fail empty
grep --quiet '"ApiVersion"' "$file" || fail not-an-answer start="$(head -c 60 "$file")"
pass
