lines=$(journalctl --quiet --identifier=sudo --output=cat --no-pager) || cannot_ask "journalctl failed"
grep --quiet 'olga : .*COMMAND=.*/root/secret\.txt' <<<"$lines" || fail no-line count="$(grep --count COMMAND= <<<"$lines")"
pass
