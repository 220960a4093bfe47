cd /home/olga/.docker 2>/dev/null || fail no-file file=/home/olga/.docker
for file in ca.pem cert.pem key.pem; do [[ -s $file ]] || fail no-file file="/home/olga/.docker/$file"; done
text=$(openssl x509 -in cert.pem -noout -text 2>/dev/null) || fail no-certificate
[[ $(openssl pkey -in key.pem -pubout 2>/dev/null) == "$(openssl x509 -in cert.pem -noout -pubkey)" ]] || fail another-key
[[ $text == *CA:TRUE* ]] && fail mints
said=$(openssl verify -CAfile ca.pem -purpose sslclient cert.pem 2>&1) && pass
case $said in
  *'error 26 '*) fail purpose ;;
  *'error 10 '* | *'error 9 '*) fail not-valid-now ;;
esac
fail another-issuer
