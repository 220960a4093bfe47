file=/home/olga/note.txt
dockerd_runs || fail down
folder=$(docker_api GET /containers/first/json | jq --raw-output .GraphDriver.Data.UpperDir)
[[ -s $folder/note ]] || fail no-note
[[ -f $file ]] || fail no-file
[[ -s $file ]] || fail empty
grep --quiet --fixed-strings -- "$(<"$folder/note")" "$file" || fail another-text start="$(head -c 60 "$file")"
pass
