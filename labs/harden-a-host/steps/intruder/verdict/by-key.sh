# The key that was left, at every account it was or might be good for.
try=(ssh -i /root/kept/id_ed25519 -o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null)
for user in sys-update root; do
  seen=$("${try[@]}" "$user@dock" cat /root/proof 2>&1)
  [[ $seen == *"$DRYDOCK_PROOF"* ]] && fail attack-works user="$user"
  [[ $seen == *'banner exchange'* ]] && cannot_ask "sshd did not answer in time"
done
pass
