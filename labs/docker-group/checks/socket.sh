[[ -S $docker_socket ]] || fail gone
found=$(stat -c '%a %U:%G' "$docker_socket")
mode=${found% *} owner=${found#* }
[[ $mode == 660 ]] || fail mode mode="$mode"
[[ $owner == root:docker ]] || fail owner owner="$owner"
[[ $(ls -ld "$docker_socket") == ??????????+* ]] && fail acl entries="$(getfacl --omit-header --absolute-names "$docker_socket" | paste -sd ' ')"
pass
