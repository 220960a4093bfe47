answer=/home/olga/opened-by.txt
[[ -f $answer ]] || fail no-file
named=$(grep --only-matching --extended-regexp '/[A-Za-z0-9_./-]+' "$answer" | head -n 1)
[[ -n $named ]] || fail no-path start="$(head -c 60 "$answer")"
[[ -f $named ]] || fail no-such-file file="$named"
grep --quiet --extended-regexp '^[^#]*2375' "$named" || fail another-file file="$named"
pass
