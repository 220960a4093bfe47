others=$(members_of_group docker | grep --invert-match --line-regexp olga)
[[ -z $others ]] && pass
gid=$(getent group docker | cut -d: -f3)
[[ $(id -g deploy 2>/dev/null) == "$gid" ]] && fail first-group
fail still-members members="$(paste -sd ' ' <<<"$others")"
