for file in /root/.ssh/authorized_keys /root/.ssh/authorized_keys2 /home/*/.ssh/authorized_keys /home/*/.ssh/authorized_keys2; do
  key=$(grep --no-messages --max-count=1 '^[^#[:space:]]' "$file") || continue
  fail key file="$file" comment="$(awk '{ print $NF }' <<<"$key")"
done
pass
