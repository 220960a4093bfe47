# A program in QEMU's place that tries to get out.
#
#   perl probe.pl NAME=VALUE... -- ATTEMPT...
#
# Before each attempt a line "trying ATTEMPT", after it a line of JSON: {"attempt", "outcome", "how"}. An attempt that
# ends this program says nothing more; the one who started it sees the signal, and goes on behind it. The names are
# those of attempts.ts. It loads no module, so that perl itself is all that has to be in the jail besides QEMU's files.
use strict;
$| = 1;

my %given;
while (@ARGV && $ARGV[0] ne '--') {
    my ($name, $value) = split /=/, shift @ARGV, 2;
    $given{$name} = $value;
}
shift @ARGV;

my ($AF_UNIX, $AF_INET, $AF_INET6, $AF_NETLINK, $AF_PACKET, $AF_VSOCK) = (1, 2, 10, 16, 17, 40);
my ($STREAM, $DGRAM, $RAW) = (1, 2, 3);
my ($O_RDONLY, $O_RDWR, $O_CREAT) = (0, 2, 0100);
my $FAILED = -1;
my ($ENOSPC, $EFBIG) = (28, 27);
my $MIB = 1024 * 1024;

# Each returns true when it got what it wanted, else false with $! set.
my %attempts = (
    # Files of others
    'read-neighbour-file'  => sub { readable("$given{neighbour}/secret") },
    'list-neighbour'       => sub { opendir my $names, $given{neighbour} },
    'enter-neighbour-socket' => sub { unix("$given{neighbour}/control.sock") },
    'write-template'       => sub { chmod 0644, "$given{template}/memory"; openable("$given{template}/memory", $O_RDWR) },
    'replace-template'     => sub { rename "$given{template}/memory", "$given{template}/old" and rename "$given{template}/old", "$given{template}/memory" },
    'write-image'          => sub { chmod 0644, "$given{image}/vmlinuz"; openable("$given{image}/vmlinuz", $O_RDWR) },
    'write-libraries'      => sub { openable($given{library}, $O_RDWR) },
    'read-store'           => sub { readable($given{store}) },
    'read-passwords'       => sub { readable('/etc/shadow') },
    'read-accounts'        => sub { readable('/etc/passwd') },
    'list-root-home'       => sub { opendir my $names, '/root' },
    'list-homes'           => sub { opendir my $names, '/home' },
    'open-by-handle'       => sub { call(303, -100, "/\0", pack('LlQ16', 128, 0), my $id = "\0" x 8, 0) != $FAILED },
    # Processes of the host
    'see-processes'        => sub { opendir my $names, "/proc/$given{victim}" },
    'signal-process'       => sub { kill 0, $given{victim} },
    'trace-process'        => sub { call(101, 0, 0, 0, 0) != $FAILED },
    'read-process-memory'  => sub { my ($to, $from) = ("\0" x 8, pack 'QQ', 0, 0); call(310, $given{victim} + 0, $to, 0, $from, 0, 0) != $FAILED },
    # Network
    'tcp-to-loopback'      => sub { inet($STREAM, '127.0.0.1', $given{port}) },
    'udp-to-loopback'      => sub { inet($DGRAM, '127.0.0.1', $given{port}) },
    'tcp-to-host'          => sub { inet($STREAM, $given{host}, $given{port}) },
    'tcp-to-metadata'      => sub { inet($STREAM, '169.254.169.254', 80) },
    'abstract-socket'      => sub { unix("\0$given{abstract}") },
    'daemon-socket'        => sub { unix($given{daemon}) },
    'socket-inet'          => sub { socket my $made, $AF_INET, $STREAM, 0 },
    'socket-inet6'         => sub { socket my $made, $AF_INET6, $STREAM, 0 },
    'socket-netlink'       => sub { socket my $made, $AF_NETLINK, $RAW, 0 },
    'socket-packet'        => sub { socket my $made, $AF_PACKET, $RAW, 0 },
    'socket-vsock'         => sub { socket my $made, $AF_VSOCK, $STREAM, 0 },
    'socket-datagram'      => sub { socket my $made, $AF_UNIX, $DGRAM, 0 },
    # New processes and rights
    'fork'                 => \&forks,
    'exec-shell'           => \&exec_shell,
    'new-user-namespace'   => sub { call(272, 0x10000000) != $FAILED },
    'new-network-namespace' => sub { call(272, 0x40000000) != $FAILED },
    'mount'                => \&mounts,
    'change-root'          => sub { call(161, "/\0") != $FAILED },
    'become-root'          => sub { call(105, 0) != $FAILED },
    'change-group'         => sub { call(116, 0, 0) != $FAILED },
    'raise-priority'       => sub { setpriority 0, 0, -5; getpriority(0, 0) == -5 },
    # Doors into the kernel
    'io-uring'             => sub { my $parameters = "\0" x 120; call(425, 1, $parameters) != $FAILED },
    'user-fault'           => sub { call(323, 0) != $FAILED },
    'bpf'                  => sub { my $map = pack 'LLLL x112', 2, 4, 4, 1; call(321, 0, $map, 128) != $FAILED },
    'performance-events'   => sub { my $event = pack 'LLQ x112', 1, 128, 0; call(298, $event, 0, -1, -1, 0) != $FAILED },
    'keys'                 => sub { call(250, 0, -4, 1) != $FAILED },
    'load-module'          => sub { call(175, "\0", 0, "\0") != $FAILED },
    'kexec'                => sub { call(246, 0, 17, "\0", 0) != $FAILED },
    'memory-file'          => sub { call(319, "x\0", 0) != $FAILED },
    'shared-memory'        => \&shares_memory,
    'personality'          => sub { call(135, 0xffffffff) != $FAILED },
    'type-into-terminal'   => \&type_into_terminal,
    'type-by-upper-bits'   => \&type_by_upper_bits,
    'x32-call'             => sub { call(0x40000000 | 39) != $FAILED },
    # Limits
    'memory'               => sub { mapped($given{'memory-bytes'}) },
    'file-size'            => \&grow_disk,
    'open-files'           => \&open_files,
    'threads'              => \&threads,
    'new-file'             => sub { makes_file("$given{run}/new") },
    'new-folder'           => sub { mkdir "$given{run}/folder" and rmdir "$given{run}/folder" },
    'file-in-tmp'          => sub { makes_file('/tmp/new') },
    'fill-tmp'             => sub { fills('/tmp/full') },
    'fill-shared-memory'   => sub { fills('/dev/shm/full') },
    'fill-dev'             => sub { fills('/dev/full-of-it') },
    'fill-root'            => sub { fills('/full') },
);

for my $name (@ARGV) {
    my $attempt = $attempts{$name} or die "no attempt is called $name\n";
    print "trying $name\n";
    $! = 0;
    my $succeeded = $attempt->();
    answer($name, $succeeded ? 'succeeded' : 'refused', $succeeded ? '' : error_name());
}
# Threads are left behind by the last attempt; perl would wait for none of them, but clean up beside them.
syscall 231, 0;

sub answer {
    my ($name, $outcome, $how) = @_;
    print qq({"attempt":"$name","outcome":"$outcome","how":"$how"}\n);
}

sub error_name {
    my $number = $! + 0;
    my %names = (
        1 => 'EPERM', 2 => 'ENOENT', 3 => 'ESRCH', 9 => 'EBADF', 11 => 'EAGAIN', 12 => 'ENOMEM', 13 => 'EACCES',
        14 => 'EFAULT', 22 => 'EINVAL', 24 => 'EMFILE', 25 => 'ENOTTY', 27 => 'EFBIG', 28 => 'ENOSPC', 30 => 'EROFS',
        38 => 'ENOSYS', 97 => 'EAFNOSUPPORT', 101 => 'ENETUNREACH', 110 => 'ETIMEDOUT', 111 => 'ECONNREFUSED',
    );
    return $names{$number} // "errno $number";
}

# Takes constants, which perl would refuse because the kernel might write there.
sub call {
    my @arguments = @_;
    return syscall shift @arguments, @arguments;
}

sub openable {
    my ($path, $flags) = @_;
    return sysopen my $file, $path, $flags;
}

sub readable {
    my ($path) = @_;
    open my $file, '<', $path or return 0;
    return sysread $file, my $bytes, 1;
}

sub makes_file {
    my ($path) = @_;
    sysopen my $file, $path, $O_RDWR | $O_CREAT or return 0;
    unlink $path;
    return 1;
}

# Two MiB more than nothing is what none of these places may hold.
sub fills {
    my ($path) = @_;
    sysopen my $file, $path, $O_RDWR | $O_CREAT or return 0;
    my ($written, $wanted) = (0, 2 * $MIB);
    while ($written < $wanted) {
        my $count = syswrite $file, 'x' x 65536;
        if (!$count) { my $why = $!; unlink $path; $! = $why; return 0 }
        $written += $count;
    }
    unlink $path;
    return 1;
}

sub unix {
    my ($path) = @_;
    socket my $socket, $AF_UNIX, $STREAM, 0 or return 0;
    return connect $socket, pack('S a*', $AF_UNIX, $path);
}

# A host that does not answer is waited for one second.
sub inet {
    my ($type, $address, $port) = @_;
    socket my $socket, $AF_INET, $type, 0 or return 0;
    local $SIG{ALRM} = sub { };
    alarm 1;
    my $connected = connect $socket, pack('S n C4 x8', $AF_INET, $port, split /\./, $address);
    { local $!; alarm 0 }
    return $connected;
}

sub forks {
    my $child = fork;
    return 0 if !defined $child;
    syscall 231, 0 if $child == 0;
    waitpid $child, 0;
    return 1;
}

sub mounts {
    my $place = "$given{mount}\0";
    return 0 if call(165, "none\0", $place, "tmpfs\0", 0, "\0") == $FAILED;
    call(166, $place, 0);
    return 1;
}

# It would outlive this program.
sub shares_memory {
    my $id = call(29, 0, 4096, 01600);
    return 0 if $id == $FAILED;
    call(31, $id, 0, 0);
    return 1;
}

# Whoever comes back from here did not become a shell.
sub exec_shell {
    no warnings;
    exec { '/bin/sh' } '/bin/sh', '-c', q(echo '{"attempt":"exec-shell","outcome":"succeeded","how":""}');
    return 0;
}

sub terminal {
    sysopen my $terminal, '/dev/ptmx', $O_RDWR or return;
    return $terminal;
}

sub type_into_terminal {
    my $terminal = terminal() or return 0;
    return call(16, fileno $terminal, 0x5412, 'x') != $FAILED;
}

# The kernel ignores the upper half of a request; a filter that compares all of it lets this one pass.
sub type_by_upper_bits {
    my $terminal = terminal() or return 0;
    return call(16, fileno $terminal, 0x100005412, 'x') != $FAILED;
}

sub mapped {
    my ($bytes) = @_;
    my ($PROT_NONE_YET, $PRIVATE_ANONYMOUS_UNRESERVED) = (3, 0x4022);
    return call(9, 0, $bytes + 0, $PROT_NONE_YET, $PRIVATE_ANONYMOUS_UNRESERVED, -1, 0) != $FAILED;
}

sub grow_disk {
    sysopen my $disk, $given{disk}, $O_RDWR or return 0;
    return call(18, fileno $disk, 'x', 1, $given{'file-bytes'} + 0) == 1;
}

sub open_files {
    my @open;
    for (1 .. $given{'open-files'}) {
        open my $file, '<', '/dev/null' or return 0;
        push @open, $file;
    }
    return 1;
}

# perl here has no threads, so they are made of machine code that waits for nothing, for ever:
# mov eax, 271 (ppoll); xor edi, edi; xor esi, esi; xor edx, edx; xor r10d, r10d; syscall; jmp back
sub threads {
    my $code = "\xb8\x0f\x01\x00\x00\x31\xff\x31\xf6\x31\xd2\x45\x31\xd2\x0f\x05\xeb\xee";
    my ($PAGE, $READ_WRITE_EXECUTE, $PRIVATE_ANONYMOUS) = (4096, 7, 0x22);
    my $page = call(9, 0, 2 * $PAGE, $READ_WRITE_EXECUTE, $PRIVATE_ANONYMOUS, -1, 0);
    return 0 if $page == $FAILED;
    # A new thread returns from the system call to what lies on top of its stack.
    my $image = pack('Q', $page + 16) . ("\x90" x 8) . $code;
    pipe my $out, my $in or return 0;
    syswrite $in, $image;
    call(0, fileno $out, $page, length $image);
    for (1 .. $given{threads}) {
        # Its stack is used once, for reading: all may share it.
        return 0 if call(56, 0x3d0f00 & ~0x01380000, $page, 0, 0, 0) == $FAILED;
    }
    return 1;
}
