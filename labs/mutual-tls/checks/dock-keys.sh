# No key on this host may be read by others, and the key of the authority has no business here at all.
ca=/etc/docker/tls/ca.pem
mine=$(openssl x509 -in "$ca" -noout -pubkey 2>/dev/null)
while read -r file; do
  [[ -n $mine && $(openssl pkey -in "$file" -pubout -passin pass: 2>/dev/null) == "$mine" ]] && fail ca-key file="$file"
  mode=$(stat -c %a "$file")
  [[ $mode == ?00 ]] || fail readable file="$file" mode="$mode"
done < <(find /etc/docker /home /root /tmp -xdev -type f -size -32k -name '*key*.pem' 2>/dev/null | xargs --no-run-if-empty grep --files-with-matches 'PRIVATE KEY')
pass
