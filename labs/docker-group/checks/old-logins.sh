gid=$(getent group docker | cut -d: -f3)
[[ -n $gid ]] || fail no-group
operator=$(id -u olga)
held=()
while read -r pid uid name; do
  [[ $uid == 0 || $uid == "$operator" ]] && continue
  user=$(id -un "$uid" 2>/dev/null || printf 'uid %s' "$uid")
  held+=("$name($pid)")
done < <(processes_with_gid "$gid")
((${#held[@]} == 0)) && pass
fail held user="$user" processes="${held[*]:0:4}" count="${#held[@]}"
