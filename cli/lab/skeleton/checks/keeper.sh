as_user keeper test -r /srv/key.txt || fail cannot-read owner="$(stat -c %U /srv/key.txt)" mode="$(stat -c %a /srv/key.txt)"
pass
