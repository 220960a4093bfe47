# Asked from kali, with what was made months ago by means of the copied key.
code=$(curl --silent --insecure --max-time 15 --output /dev/null --write-out '%{http_code}' \
  --cert /root/kept/cert.pem --key /root/kept/key.pem https://dock:2376/_ping)
[[ $code == 200 ]] && fail gets-in
pass
