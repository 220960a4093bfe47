# sshd makes its host key when somebody first connects. If that is the attack, the key goes with the proof.
file=/root/proof
key=/etc/ssh/ssh_host_ed25519_key
mark=/run/host-key-of-the-verdict
case $1 in
  put)
    [[ -e $key ]] || touch "$mark"
    (umask 077 && printf '%s\n' "$DRYDOCK_PROOF" > "$file")
    ;;
  remove)
    [[ -e $mark ]] && rm -f "$key" "$key.pub"
    rm -f "$file" "$mark"
    ;;
esac
