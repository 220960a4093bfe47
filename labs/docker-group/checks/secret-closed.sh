secret=/root/secret.txt
[[ -f $secret ]] || fail secret-gone
as_user alice test -r "$secret" && fail readable mode="$(stat -c %a "$secret")"
pass
