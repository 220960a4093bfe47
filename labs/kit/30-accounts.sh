# Who somebody is, and what they may do.

# as_user USER COMMAND…: with today's groups, without a login: no line in the journal, no session. In a subshell that
# forgets secrets and proof first: whoever is that user may read the environment of what runs as them.
as_user() (
  user=$1
  shift
  unset DRYDOCK_PROOF "${!DRYDOCK_SECRET_@}"
  setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all -- "$@"
)

# as_fresh_login USER COMMAND: what somebody gets who logs in now, through PAM and a login shell.
as_fresh_login() {
  runuser --login "$1" --command "$2" </dev/null
}

# members_of_group GROUP: one name per line, whether the group lists them or it is their first group.
members_of_group() {
  local entry gid
  entry=$(getent group "$1") || return 0
  gid=$(cut -d: -f3 <<<"$entry")
  { cut -d: -f4 <<<"$entry" | tr ',' '\n'; awk -F: -v gid="$gid" '$4 == gid { print $1 }' /etc/passwd; } | sed '/^$/d' | sort -u
}

# processes_with_gid GID: "PID UID NAME" of every process that runs with the group, however long ago it got it.
processes_with_gid() {
  grep --no-messages --extended-regexp '^(Name|Uid|Gid|Groups):' /proc/[0-9]*/status | awk -v gid="$1" '
    { split($1, path, "/"); pid = path[3]; field = path[4]; sub(/^status:/, "", field) }
    field == "Name:" { name[pid] = $2 }
    field == "Uid:" { uid[pid] = $2 }
    field == "Gid:" || field == "Groups:" { for (i = 2; i <= NF; i++) if ($i == gid) has[pid] = 1 }
    END { for (pid in has) print pid, uid[pid], name[pid] }' | sort -n
}

# sudo_rules USER: the files in which sudo is told something about that user, one per line.
sudo_rules() {
  local groups
  groups=$(id -Gn "$1" | sed 's/ /|%/g')
  grep --no-messages --files-with-matches --extended-regexp "^[[:space:]]*($1|%$groups|ALL)[[:space:],]" \
    /etc/sudoers $(find /etc/sudoers.d -maxdepth 1 -type f ! -name '*.*' ! -name '*~')
}
