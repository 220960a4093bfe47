# What an attack is to bring home, and whether it did.

# lay_proof: the proof of this run of a verdict in $proof_file, which only root may read. $proof_container is the name
# for a container that goes and gets it. Both are gone when the script ends, however it ends; who has more to clear away
# sets a trap for EXIT afterwards, and calls clear_proof in it.
lay_proof() {
  proof_file=/root/proof-$$
  proof_container=proof-$$
  trap clear_proof EXIT
  trap 'exit 2' TERM INT HUP
  (umask 077 && printf '%s\n' "$DRYDOCK_PROOF" > "$proof_file")
}

clear_proof() {
  rm -f "$proof_file"
  remove_container "$proof_container"
}

# holds_secret FILE SECRET: whether the secret is somewhere in the file, whatever white space is around it.
holds_secret() {
  local secret
  secret=$(tr -d '[:space:]' <<<"$2")
  [[ -n $secret ]] && grep --quiet --fixed-strings -- "$secret" "$1"
}
