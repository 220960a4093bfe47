user=$(awk -F: '$3 == 0 && $1 != "root" { print $1; exit }' /etc/passwd)
[[ -n $user ]] && fail uid-0 user="$user"
keys=$(grep --no-messages --files-with-matches '^[^#[:space:]]' /root/.ssh/authorized_keys* /home/*/.ssh/authorized_keys* | paste -sd ' ')
[[ -n $keys ]] && fail keys files="$keys"
pass
