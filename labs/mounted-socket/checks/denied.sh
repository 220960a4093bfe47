# What the plugin wrote down when it was asked.
asked=$(journalctl --unit no-mounts --output cat --no-pager | grep '^who: ') || fail not-asked
grep --quiet 'POST .*/containers/create[^ ]* no folders of the host$' <<<"$asked" || fail not-refused
pass
