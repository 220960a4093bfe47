# Every key that mallory can read on this machine, with every certificate that she can read.
readable() { # TEXT: files with it that mallory may read
  as_user mallory grep --recursive --files-with-matches --no-messages --devices=skip -- "$1" /home /etc/docker /srv /opt /tmp /var/tmp
}
mapfile -t keys < <(readable 'PRIVATE KEY')
mapfile -t certificates < <(readable 'BEGIN CERTIFICATE')
for key in "${keys[@]}"; do
  for certificate in "${certificates[@]}"; do
    status=$(as_user mallory curl --silent --insecure --max-time 20 --cert "$certificate" --key "$key" --output /dev/null --write-out '%{http_code}' https://dock:2376/containers/json 2>/dev/null)
    (($? == 28)) && late=1
    [[ $status == 200 ]] && fail borrowed key="$key" mode="$(stat -c %a "$key")"
  done
done
[[ -z ${late-} ]] || cannot_ask "port 2376 did not answer in time"
pass keys="${#keys[@]}"
