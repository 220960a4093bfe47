file=/srv/ci/work/mine.txt
[[ -f $file ]] || fail no-file
grep --quiet --word-regexp build-41 "$file" || fail another-text start="$(head -c 60 "$file")"
grep --quiet --word-regexp backup "$file" && fail everything
pass
