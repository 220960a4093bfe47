# An authority of the same name, made a moment ago, and a certificate for somebody of olga's name.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' TERM INT HUP
cd "$folder" || exit 2
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)
name=$(openssl x509 -in /home/olga/.docker/ca.pem -noout -subject -nameopt compat 2>/dev/null | sed 's/^subject= *//')
[[ $name == /* ]] || name='/CN=dock CA'
{
  openssl req -x509 "${new_key[@]}" -keyout ca-key.pem -out ca.pem -subj "$name" -days 2
  openssl req "${new_key[@]}" -keyout key.pem -out csr.pem -subj /CN=olga
  echo extendedKeyUsage=clientAuth > ext
  openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca-key.pem -days 2 -extfile ext -out cert.pem
} >/dev/null 2>&1 || cannot_ask "no certificate could be made"
status=$(curl --silent --insecure --max-time 30 --cert cert.pem --key key.pem --output /dev/null --write-out '%{http_code}' https://dock:2376/containers/json)
ended=$?
[[ $status == 000 ]] || fail answers status="$status"
((ended == 7 || ended == 28)) && cannot_ask "port 2376 did not answer"
pass name="$name"
