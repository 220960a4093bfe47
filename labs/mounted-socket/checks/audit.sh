file=/home/olga/found.txt
[[ -f $file ]] || fail no-file
missed=0
for name in metrics logs router builder; do
  grep --quiet "$name" "$file" || ((missed += 1))
done
((missed == 0)) || fail missed count="$missed"
grep --quiet shop "$file" && fail false-alarm
pass
