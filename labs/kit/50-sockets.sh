# Who is behind a Unix socket.

# unix_listeners PATH: the processes that listen at it, whatever namespaces they are in: "PID UID NAME", one per line.
# Returns 1 for none; a socket file may outlive its process.
unix_listeners() {
  local pid
  ss --no-header --listening --unix --processes | awk -v path="$1" '$5 == path' | grep --only-matching 'pid=[0-9]*' |
    sort -u | while IFS== read -r _ pid; do
    awk -v pid="$pid" '$1 == "Name:" { name = $2 } $1 == "Uid:" { uid = $2 } END { if (uid != "") print pid, uid, name }' \
      "/proc/$pid/status" 2>/dev/null
  done | grep .
}
