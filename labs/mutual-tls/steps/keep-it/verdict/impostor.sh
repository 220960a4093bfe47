# In a network of its own, in which this machine has the address of dock, somebody else answers there. What olga's
# client says to them, if it says anything, is in `heard`. Twice: with a certificate that names dock and is of another
# authority, and with one of olga's authority that is not for dock, namely hers.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' TERM INT HUP
as_fresh_login olga 'docker context inspect dock' >/dev/null 2>&1 || fail no-context
address=$(address_of dock)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$folder/key.pem" -out "$folder/cert.pem" \
  -subj /CN=dock -addext "subjectAltName=DNS:dock,IP:$address" -days 2 2>/dev/null || cannot_ask "no certificate could be made"

heard_with() { # CERTIFICATE KEY: the first line that the client of olga tells a server that shows this
  unshare --net bash -s "$address" "$1" "$2" "$folder/heard" <<'NET' || cannot_ask "nobody could pose as dock"
    ip link set lo up
    ip address add "$1/32" dev lo
    sleep 60 | openssl s_server -quiet -accept "$1:2376" -cert "$2" -key "$3" > "$4" 2>/dev/null &
    is_listening() { ss --no-header --listening --tcp 'sport = :2376' | grep --quiet .; }
    for _ in {1..100}; do is_listening && break; sleep 0.1; done
    is_listening || exit
    runuser --login olga --command 'timeout 20 docker --context dock ps' >/dev/null 2>&1 </dev/null
    ended=$?
    kill $(jobs -p)
    # Cut off before it said a word, it might still have said one.
    [[ $ended != 124 || -s $4 ]]
NET
  head -n 1 "$folder/heard" | tr -d '\r'
}

said=$(heard_with "$folder/cert.pem" "$folder/key.pem") || exit
[[ -n $said ]] && fail believed certificate="CN=dock, signed by nobody" said="$said"
said=$(heard_with /home/olga/.docker/cert.pem /home/olga/.docker/key.pem) || exit
[[ -n $said ]] && fail believed certificate="olga's own" said="$said"
pass
