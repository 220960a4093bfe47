cd /etc/docker/tls 2>/dev/null || fail no-file file=/etc/docker/tls
for file in ca.pem server-cert.pem server-key.pem; do [[ -s $file ]] || fail no-file file="/etc/docker/tls/$file"; done
text=$(openssl x509 -in server-cert.pem -noout -text 2>/dev/null) || fail no-certificate
[[ $(openssl pkey -in server-key.pem -pubout 2>/dev/null) == "$(openssl x509 -in server-cert.pem -noout -pubkey)" ]] || fail another-key
# OpenSSL would also look for a name in the subject; Docker's client looks nowhere but in here.
names=$(grep --after-context=1 'Subject Alternative Name' <<<"$text" | tail -n +2 | xargs)
[[ ", $names," == *", DNS:dock,"* && ", $names," == *", IP Address:$(address_of dock),"* ]] || fail no-name names="${names:-none}"
said=$(openssl verify -CAfile ca.pem -purpose sslserver server-cert.pem 2>&1) && pass
case $said in
  *'error 26 '*) fail purpose ;;
  *'error 10 '* | *'error 9 '*) fail not-valid-now ;;
esac
fail another-issuer
