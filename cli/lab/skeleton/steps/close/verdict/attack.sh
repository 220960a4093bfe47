# What `pass` says stands in for {command} in the lab's text.
command='cat /srv/key.txt'
key=$(tr -d '[:space:]' <<<"$DRYDOCK_SECRET_KEY")
[[ $(as_fresh_login alice "$command" 2>/dev/null) == *"$key"* ]] && fail attack-works groups="$(id -Gn alice)"
pass command="$command"
