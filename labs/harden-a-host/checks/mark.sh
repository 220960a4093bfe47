mark=/root/mallory-was-here
[[ -e $mark ]] || fail no-mark
owner=$(stat -c %U "$mark")
[[ $owner == root ]] || fail not-of-root owner="$owner"
pass
