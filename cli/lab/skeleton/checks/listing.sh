# Read-only, repeatable, as root. `pass` and `fail` end the script; labs/kit has more like them.
file=/home/alice/listing.txt
[[ -f $file ]] || fail no-file
grep --quiet key.txt "$file" || fail no-line start="$(head -c 40 "$file")"
pass
