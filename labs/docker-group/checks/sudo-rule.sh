rules=$(sudo_rules alice)
[[ -n $rules ]] || fail no-rule
visudo --check --quiet --strict >/dev/null 2>&1 || fail broken-rule files="$(paste -sd ' ' <<<"$rules")"
pass
