rules=$(sudo_rules alice)
[[ -n $rules ]] || fail no-rule
for file in $rules; do
  visudo --check --quiet --file="$file" 2>/dev/null || fail broken-rule file="$file"
done
pass
