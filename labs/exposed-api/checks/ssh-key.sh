file=/root/.ssh/authorized_keys
[[ -s $file ]] || fail no-key
grep --quiet --extended-regexp '^(ssh-|ecdsa-)' "$file" || fail not-a-key start="$(head -c 40 "$file")"
pass
