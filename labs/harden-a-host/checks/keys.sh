# Private keys of certificates, wherever people put them. SSH's begin with another word.
inside=$(jq --raw-output '.tlskey // empty' /etc/docker/daemon.json 2>/dev/null)
while read -r file; do
  mode=$(stat -c %a "$file")
  if [[ -n $inside && $file -ef $inside ]]; then
    ((mode % 100 == 0)) || fail readable file="$file" mode="$mode"
  else
    fail authority file="$file" mode="$mode"
  fi
done < <(grep --recursive --no-messages --files-with-matches --extended-regexp --exclude-dir=.docker \
  -e '-----BEGIN ((EC|RSA|ENCRYPTED) )?PRIVATE KEY' /etc/docker /etc/ssl /home /opt /root /srv /tmp /usr/local /var/backups)
pass
