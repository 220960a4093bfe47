file=/home/olga/created.json
dockerd_runs || fail down
if [[ ! -s $file ]]; then
  docker_api GET /containers/by-hand/json >/dev/null && fail answer-elsewhere
  [[ -f $file ]] || fail no-file
  fail empty
fi
id=$(jq --raw-output '.Id // empty' "$file" 2>/dev/null)
if [[ -z $id ]]; then
  refusal=$(jq --raw-output '.message // empty' "$file" 2>/dev/null)
  [[ $refusal == *'already in use'* ]] && fail name-taken
  [[ -n $refusal ]] && fail refused message="$refusal"
  fail not-an-answer start="$(head -c 60 "$file")"
fi
[[ $id =~ ^[0-9a-f]{64}$ ]] || fail not-an-answer start="$(head -c 60 "$file")"
docker_api GET "/containers/$id/json" >/dev/null
case $? in
  0) pass ;;
  22) fail no-such-container id="${id:0:12}" ;;
  *) cannot_ask "the daemon did not answer" ;;
esac
