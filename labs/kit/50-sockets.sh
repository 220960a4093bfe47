# Who is behind a Unix socket.

# socket_peer PATH: who listens at it, "PID UID NAME", asked of the kernel by connecting. `ss` would not see a daemon in a
# network namespace of its own, and a pid file says what somebody wrote. Returns 1 for nobody, which a socket file does
# not rule out. Connecting starts what systemd starts on demand, and it is systemd that then answers.
socket_peer() {
  local found
  found=$(perl -MSocket -e '
    socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or exit 1;
    connect($socket, pack_sockaddr_un($ARGV[0])) or exit 1;
    my ($pid, $uid) = unpack("i3", getsockopt($socket, SOL_SOCKET, SO_PEERCRED));
    print "$pid $uid";' "$1") || return
  printf '%s %s\n' "$found" "$(cat "/proc/${found% *}/comm" 2>/dev/null)"
}
