holder=$(ss --no-header --listening --tcp --numeric --processes 'sport = :2375')
case $holder in
  '') echo nobody ;;
  *'"systemd"'*) echo systemd ;;
  *dockerd*) echo dockerd ;;
  *) cannot_ask "port 2375 is held by $holder" ;;
esac
