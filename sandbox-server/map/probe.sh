# What answers at each of $DRYDOCK_PLACES: `plain`, `tls` that asks nobody who they are, `mutual` TLS, `other` for what
# is no Docker API, `silent`. TLS first: a daemon that speaks it notes in its journal whoever does not.
for place in $DRYDOCK_PLACES; do
  code=$(curl -qsk --max-time 8 -o /dev/null -w '%{http_code}' "https://$place/_ping")
  case $? in
    0) [[ $code == 200 ]] && answer=tls || answer=other ;;
    56) answer=mutual ;;
    35)
      case $(curl -qs --max-time 8 -o /dev/null -w '%{http_code}' "http://$place/_ping") in
        200) answer=plain ;;
        400) answer=mutual ;;
        000) answer=silent ;;
        *) answer=other ;;
      esac ;;
    *) answer=silent ;;
  esac
  printf '%s\t%s\n' "$place" "$answer"
done
