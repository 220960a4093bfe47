# What of Docker is there to see in this machine, as facts, one per line, fields between tabs. Nothing is asked and
# nothing connected to: a socket of systemd's would start a daemon. No module is loaded, because that is half of what
# perl takes on an emulated machine; numbers stand for what Socket.pm and Fcntl.pm would say.
use strict;
use warnings;
no warnings 'exec';

my $MOST_FACTS = 400;
my $LONGEST_FIELD = 300;
my $MOST_CONTAINERS = 200;
my $GETXATTR = 191;
my $API_SOCKET = qr{/docker\.sock$};
# Its own, that answer no orders: plugins, the resolver of its networks, figures.
my $INNER_SOCKET = qr{/docker/(?:libnetwork|plugins|swarm)/|/metrics\.sock$};

my $facts = 0;
# Groups whose names are wanted.
my %gids;

sub fact {
    return if ++$facts > $MOST_FACTS;
    print join("\t", map { my $field = substr($_ // '', 0, $LONGEST_FIELD); $field =~ tr/\0-\x1f\x7f/ /; $field } @_), "\n";
}

sub content {
    my ($path) = @_;
    open my $file, '<:unix', $path or return '';
    my $text = '';
    1 while sysread $file, $text, 65_536, length $text;
    return $text;
}

sub names {
    my ($folder) = @_;
    opendir my $handle, $folder or return ();
    return sort grep { !/^\.\.?$/ } readdir $handle;
}

# inode => what the kernel says of a listening socket, of the network that a process is in.
sub listening {
    my ($pid) = @_;
    my %found;
    for (split /\n/, content("/proc/$pid/net/unix")) {
        my (undef, undef, undef, $flags, undef, undef, $inode, $path) = split ' ', $_, 8;
        next unless defined $path && $flags eq '00010000' && $path !~ $INNER_SOCKET;
        $found{$inode} = ['unix', $path] if $path =~ m{^/};
    }
    for my $family ('tcp', 'tcp6') {
        for (split /\n/, content("/proc/$pid/net/$family")) {
            my @field = split;
            $found{$field[9]} = ['tcp', $field[1]] if ($field[3] // '') eq '0A';
        }
    }
    return \%found;
}

# inode => 1 of the sockets that a process has open.
sub sockets_of {
    my ($pid) = @_;
    my %open;
    for (names("/proc/$pid/fd")) {
        my $target = readlink "/proc/$pid/fd/$_" or next;
        $open{$1} = 1 if $target =~ /^socket:\[(\d+)\]$/;
    }
    return \%open;
}

sub tell_listeners {
    my ($pid, $listening) = @_;
    my $open = sockets_of($pid);
    my @mine = grep { $open->{$_} } sort keys %$listening;
    fact('listens', $pid, $_, @{ $listening->{$_} }) for @mine;
    return @mine;
}

# Whom a socket file lets in: itself, its list of further accounts, and the folders on the way to it.
sub tell_file {
    my ($path) = @_;
    my @stat = stat $path or return fact('file', $path);
    my ($name, $list) = ('system.posix_acl_access', "\0" x 512);
    my $length = syscall $GETXATTR, $path, $name, $list, length $list;
    $gids{ $stat[5] } = 1;
    fact('file', $path, @stat[4, 5], sprintf('%o', $stat[2]), $length > 0 ? unpack('H*', substr $list, 0, $length) : '');
    for (my $folder = $path; $folder =~ s{/[^/]+$}{} && $folder ne '';) {
        @stat = stat $folder or next;
        fact('folder', $path, @stat[4, 5], sprintf('%o', $stat[2])) unless $stat[2] & 1;
    }
}

sub one {
    my ($text, $pattern) = @_;
    return $text =~ $pattern ? $1 : '';
}

my $object = qr/(\{(?:[^{}"]++|"(?:[^"\\]++|\\.)*+"|(?1))*+\})/;

# From its own files on disk: asking the daemon costs it more, and one that hangs would hold us up.
sub tell_containers {
    my ($daemon, $root) = @_;
    my @ids = names("$root/containers");
    splice @ids, $MOST_CONTAINERS if @ids > $MOST_CONTAINERS;
    for my $id (@ids) {
        my $config = content("$root/containers/$id/config.v2.json");
        my $state = one($config, qr/"State":$object/) or next;
        my $pid = one($state, qr/"Pid":(\d+)/);
        my $restarts = $state =~ /"Restarting":true/ ? 1 : 0;
        next unless $restarts || $state =~ /"Running":true/ && -d "/proc/$pid";
        my $host = content("$root/containers/$id/hostconfig.json");
        fact('container', $daemon, substr($id, 0, 12), one($config, qr{"Name":"/([^"]*)"}), $restarts,
            $host =~ /"Privileged":true/ ? 1 : 0, one($host, qr/"PidMode":"([^"]*)"/));
        my $points = one($config, qr/"MountPoints":$object/);
        while ($points =~ /"Source":"((?:[^"\\]|\\.)+)"[^{}]*?"RW":(true|false)/g) {
            fact('mount', substr($id, 0, 12), $2 eq 'true' ? 1 : 0, $1);
        }
    }
}

# Counts every change of the kernel's packet filter, also those of iptables.
sub firewall {
    socket my $socket, 16, 3, 12 or return '';
    syswrite $socket, pack('L S S L L C C n', 20, 16 | 10 << 8, 1, 1, 0, 0, 0, 0) or return '';
    my $ready = '';
    vec($ready, fileno $socket, 1) = 1;
    return '' unless select $ready, undef, undef, 0.2;
    sysread $socket, my $answer, 4096;
    return length($answer) >= 28 ? unpack 'x24 H8', $answer : '';
}

my $host_files = readlink('/proc/1/ns/mnt') // '';
my $host_network = readlink('/proc/1/ns/net') // '';
my $host_processes = readlink('/proc/1/ns/pid') // '';
my ($uptime) = content('/proc/uptime') =~ /^([\d.]+)/;
my (@daemons, %logins);
my @pids = grep { /^\d+$/ } names('/proc');
for my $pid (@pids) {
    # The kernel's own threads have none.
    my $program = readlink "/proc/$pid/exe" or next;
    push @daemons, $pid if $program =~ m{/dockerd(?: \(deleted\))?$};
    my $uid = (stat "/proc/$pid")[4];
    next unless $uid && (readlink("/proc/$pid/ns/mnt") // '') eq $host_files;
    my $status = content("/proc/$pid/status");
    my ($user, $group) = $status =~ /^Uid:\s+\d+\s+(\d+).*\nGid:\s+\d+\s+(\d+)/m or next;
    $logins{ join "\t", $user, $group, $status =~ /^Groups:[ \t]*([\d ]*)/m } = 1;
}

fact('survey', 1, $uptime);
my $host = listening(1);
my (%files, $over_tcp);
for my $pid (@daemons) {
    # A daemon in a container of its own answers whoever is in there; the container is what tells.
    next if (readlink("/proc/$pid/ns/pid") // '') ne $host_processes;
    my $status = content("/proc/$pid/status");
    my ($user) = $status =~ /^Uid:\s+\d+\s+(\d+)/m or next;
    my $started = (split ' ', content("/proc/$pid/stat") =~ s/.*\)//sr)[19];
    my $is_apart = (readlink("/proc/$pid/ns/net") // '') ne $host_network;
    my ($root) = map { m{^(/.*)/network/files/local-kv\.db$} } grep { defined } map { readlink "/proc/$pid/fd/$_" } names("/proc/$pid/fd");
    fact('daemon', $pid, $user, $started, $is_apart ? 1 : 0);
    my $listening = $is_apart ? { %$host, %{ listening($pid) } } : $host;
    for my $inode (tell_listeners($pid, $listening)) {
        my ($family, $place) = @{ $listening->{$inode} };
        if ($family eq 'unix') { $files{$place} = 1 } else { $over_tcp = 1 }
        delete $host->{$inode};
    }
    tell_containers($pid, $root) if defined $root;
}

# Sockets of that name that no daemon has: systemd's, which starts one, or those of a program in front of one.
my %others = map { $_ => $host->{$_} } grep { $host->{$_}[0] eq 'unix' && $host->{$_}[1] =~ $API_SOCKET } keys %$host;
for my $pid (1, grep { $_ != 1 } @pids) {
    last unless %others;
    my @held = tell_listeners($pid, \%others) or next;
    fact('holder', $pid, one(content("/proc/$pid/comm"), qr/^(.*)$/m));
    for (@held) { $files{ $others{$_}[1] } = 1; delete $others{$_} }
}
# Where one should be and is not, or lies about with nobody behind it.
$files{'/run/docker.sock'} = 1 unless grep { m{^(?:/var)?/run/docker\.sock$} } keys %files;
tell_file($_) for sort keys %files;
fact('firewall', firewall()) if $over_tcp;

fact('login', split /\t/) for sort keys %logins;
my %member;
for (split /\n/, content('/etc/group')) {
    my ($name, undef, $gid, $members) = split /:/;
    next unless defined $gid && ($gids{$gid} || ($members // '') ne '');
    fact('group', $name, $gid, $members);
    $member{$_} = 1 for split /,/, $members // '';
}
# People, root, and services that somebody has put into a group.
for (split /\n/, content('/etc/passwd')) {
    my ($name, undef, $uid, $gid) = split /:/;
    fact('user', $name, $uid, $gid) if defined $gid && ($member{$name} || $uid =~ /^(?:0|[1-5]\d{3,4})$/);
}
for my $file ('/etc/sudoers', map { "/etc/sudoers.d/$_" } grep { !/\.|~$/ } names('/etc/sudoers.d')) {
    my $text = content($file) =~ s/\\\n\s*/ /gr;
    for (split /\n/, $text) { fact('sudo', $_) if /\S/ && !/^\s*(?:#|@|Defaults)/ }
}
fact('end', $facts > $MOST_FACTS ? 'cut' : 'whole');
