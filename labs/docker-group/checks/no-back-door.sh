rules=$(sudo_rules alice)
[[ -z $rules ]] || fail sudo-rule files="$(paste -sd ' ' <<<"$rules")"
setuid=$(find /home /tmp /var/tmp /usr/local /opt -xdev -type f -perm /6000 2>/dev/null | head -n 3)
[[ -z $setuid ]] || fail setuid files="$(paste -sd ' ' <<<"$setuid")"
pass
