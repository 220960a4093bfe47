while read -r pid; do
  [[ $(awk '$1 == "Uid:" { print $2 }' "/proc/$pid/status" 2>/dev/null) == 0 ]] || continue
  fail runs pid="$pid" command="$(tr '\0' ' ' < "/proc/$pid/cmdline")"
done < <(pgrep --exact dockerd)
pass
