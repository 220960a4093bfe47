here=$(address_of dock)
addresses=$(tcp_listeners 2376) || fail nobody
for address in $addresses; do
  case $address in
    "$here") ;;
    '*' | 0.0.0.0 | '[::]') fail everywhere ;;
    *) fail elsewhere address="$address" ;;
  esac
done
pass
