# mallory, through the hole in the page of numbers. It is still there; what counts is what lies behind it.
for path in ../root/proof 1/root/root/proof ../../root/proof /root/proof; do
  seen=$(curl --silent --max-time 20 "http://dock:9100/cgi-bin/read?$path")
  (($? == 28)) && late=1
  [[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works path="$path"
done
[[ -z ${late-} ]] || cannot_ask "the page did not answer in time"
pass path=../root/proof
