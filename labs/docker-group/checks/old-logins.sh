gid=$(getent group docker | cut -d: -f3)
[[ -n $gid ]] || fail no-group
operator=$(id -u olga)
held=() programs=()
while read -r pid uid name; do
  [[ $uid == 0 || $uid == "$operator" ]] && continue
  holder=$uid
  if [[ $name == systemd ]]; then held+=("$name($pid)"); else programs+=("$name($pid)"); fi
done < <(processes_with_gid "$gid")
((${#held[@]} + ${#programs[@]} == 0)) && pass
((${#programs[@]} == 0)) && fail user-manager unit="user@$holder.service"
fail held user="$(id -un "$holder" 2>/dev/null || printf 'uid %s' "$holder")" processes="${programs[*]:0:4}"
