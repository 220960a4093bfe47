# What belongs to no package was put there by somebody.
packaged=$(grep --no-filename --extended-regexp '^/etc/cron' /var/lib/dpkg/info/*.list)
jobs=$(find /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /var/spool/cron/crontabs -type f 2>/dev/null |
  grep --invert-match --line-regexp --fixed-strings --file=<(printf '%s\n' "$packaged"))
[[ -n $jobs ]] && fail jobs files="$(sort <<<"$jobs" | paste -sd ' ')"
pass
