ca=/home/olga/ca/ca.pem key=/home/olga/ca/ca-key.pem
[[ -s $ca ]] || fail no-file file="$ca"
text=$(openssl x509 -in "$ca" -noout -text 2>/dev/null) || fail no-certificate file="$ca"
[[ $text == *CA:TRUE* ]] || fail not-an-authority
[[ -s $key ]] || fail no-file file="$key"
[[ $(openssl pkey -in "$key" -pubout -passin pass: 2>/dev/null) == "$(openssl x509 -in "$ca" -noout -pubkey)" ]] && pass
# A key with a passphrase is as good: nobody here knows it.
grep --quiet ENCRYPTED "$key" || fail another-key
pass
