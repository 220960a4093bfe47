# The one that was there before is not mallory's.
mapfile -t jobs < <(grep --no-messages --files-with-matches '^[^#]' /etc/cron.d/* | grep --invert-match --line-regexp --extended-regexp '/etc/cron.d/(e2scrub_all|logrotate-check)')
((${#jobs[@]} > 0)) || fail no-job
for job in "${jobs[@]}"; do
  # Minute, hour, day, month, weekday, user, command; cron skips a file that others may write, or with a dot in its name.
  grep --quiet --extended-regexp '^([^#[:space:]]+[[:space:]]+){5}[a-z_][a-z0-9_-]*[[:space:]]+[^[:space:]]' "$job" || fail no-user file="$job"
done
pass
