# Private keys of certificates, wherever people put them. SSH's begin with another word.
inside=$(jq --raw-output '.tlskey // empty' /etc/docker/daemon.json 2>/dev/null)
readable=
while read -r file; do
  mode=$(stat -c %a "$file")
  if [[ -z $inside || ! $file -ef $inside ]]; then
    # Worse than a mode, so it is said first, whichever of them is found first.
    fail authority file="$file" mode="$mode"
  elif ((mode % 100)); then
    readable=$file
  fi
done < <(grep --recursive --no-messages --files-with-matches --extended-regexp --exclude-dir=.docker \
  -e '-----BEGIN ((EC|RSA|ENCRYPTED) )?PRIVATE KEY' /etc/docker /etc/ssl /home /opt /root /srv /tmp /usr/local /var/backups)
[[ -z $readable ]] || fail readable file="$readable" mode="$(stat -c %a "$readable")"
pass
