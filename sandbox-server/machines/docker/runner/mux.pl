# The first process of a machine's container: starts the machine, owns its sockets, and carries them over one connection
# to whichever server looks after it. docs/mux-protocol.md says what is spoken there; mux-link.ts has the other end.
#
#   perl mux.pl [NAME=VALUE]... -- COMMAND...
#
#   folder=PATH        of the sockets; default: /run/machine
#   alone=SECONDS      how long it waits for a connection while nobody has said how long it lives; default: 20
#   filter=HEX         seccomp filter of the command
#   niceness=N         of the command
#   copy=FROM:TO       a file to copy first, holes and all; may be repeated
#   make=PATH:BYTES    an empty file to make first; may be repeated
#   cable=listen:PATH  a socket that the command inherits, listening there; cable=connect:PATH, connected to that
#
# The command inherits its first monitor as descriptor 3, and the cable as 4. There is one of these per machine, so it
# loads no module: each would count as memory of the machine.
use strict;

my %settings = (copy => [], make => []);
while (@ARGV && $ARGV[0] ne '--') {
    my ($name, $value) = split /=/, shift, 2;
    if (ref $settings{$name}) { push @{ $settings{$name} }, $value }
    else                      { $settings{$name} = $value }
}
my (undef, @command) = @ARGV;

my $FOLDER = $settings{folder} // '/run/machine';
my $DOOR = "$FOLDER/mux.sock";
my $FIRST_MONITOR = 'first-monitor';
my ($VERSION, $HELLO, $DATA, $ACK, $PING, $PONG) = (1, 1, 2, 3, 4, 5);
my ($HEADER_BYTES, $MAX_PAYLOAD, $WINDOW, $ACK_EVERY) = (7, 64 * 1024, 128 * 1024, 16 * 1024);
my ($MAX_CHANNELS, $MAX_LINE, $MAX_STRANGERS) = (32, 4096, 4);
my ($SYS_DUP2, $SYS_PRCTL, $SYS_SECCOMP, $SYS_CLOSE_RANGE, $SYS_PIDFD_OPEN) = (33, 157, 317, 436, 434);
my ($PR_SET_DUMPABLE, $PR_SET_NO_NEW_PRIVS, $PR_SET_THP_DISABLE) = (4, 38, 41);
my ($AF_UNIX, $SOCK_STREAM, $F_SETFL, $F_DUPFD, $O_NONBLOCK) = (1, 1, 4, 0, 04000);
my ($EAGAIN, $EINTR) = (11, 4);
my ($MONITOR_FD, $CABLE_FD) = (3, 4);
my $STDERR_KEPT = 4000;
# No machine lives longer, whatever its server asks for: the longest that settings allow, and an hour.
my $LONGEST_LIFE_S = 25 * 60 * 60;
# Without a deadline it ends this long after the last connection: time to connect again.
my $ALONE_S = $settings{alone} // 20;
# Nobody who lives is silent for so long: a server says something every five seconds.
my $SILENT_S = 30;
my ($HELLO_S, $LINGER_S, $CABLE_S, $LONGEST_WAIT_S) = (10, 5, 30, 5);

my ($session, $client, @strangers, %channels, $deadline_s, $why_killed);
my ($said, $stopped, $is_told, $looked_s) = ('', 0, 0, 0);
my $latest_s = time + $LONGEST_LIFE_S;

$SIG{PIPE} = 'IGNORE';
# The machine stops or goes on; its end is told by its descriptor.
$SIG{CHLD} = sub { $is_told = 1 };
umask 0077;
# What breaks out of the machine is the same user, and shall not read or write the memory of this one.
syscall $SYS_PRCTL, $PR_SET_DUMPABLE, 0, 0, 0, 0;

my $alone_since_s = time;
socket my $door, $AF_UNIX, $SOCK_STREAM, 0 or die "socket: $!";
bind $door, pack('S Z*', $AF_UNIX, $DOOR) or die "$DOOR: $!";
listen $door, 8 or die "listen: $!";
socketpair my $monitor, my $monitor_end, $AF_UNIX, $SOCK_STREAM, 0 or die "socketpair: $!";
pipe my $stderr, my $stderr_end or die "pipe: $!";
my $machine = fork;
die "fork: $!" if !defined $machine;
become_machine() if $machine == 0;
close $_ for $stderr_end, $monitor_end;
my $exit_fd = syscall $SYS_PIDFD_OPEN, $machine, 0;
die "pidfd_open: $!" if $exit_fd < 0;

while (1) {
    my $ready = wait_for_something();
    last if $ready->{read}($exit_fd);
    look_at_machine();
    listen_to_stderr() if defined fileno $stderr && $ready->{read}(fileno $stderr);
    if ($ready->{read}(fileno $door) && accept my $socket, $door) { meet($socket) }
    serve_connections($ready);
    serve_channels($ready);
    keep_time();
    flush_client();
}

waitpid $machine, 0;
my $status = $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
listen_to_stderr() while defined fileno $stderr && readable($stderr);
$said =~ s/\s+/ /g;
announce('ended ' . join ' ', $why_killed // "$status.", $said);
my $gone_by_s = time + $LINGER_S;
while ($client && length $channels{0}{kept} && time < $gone_by_s) {
    serve_connections(wait_for_something());
    flush_client();
}
exit 0;

sub prepare_files {
    for (@{ $settings{copy} }) {
        my ($from, $to) = split /:/;
        system('cp', '--sparse=always', $from, $to) == 0 or die "$from was not copied to $to\n";
        chmod 0600, $to;
    }
    for (@{ $settings{make} }) {
        my ($path, $bytes) = split /:/;
        open my $file, '>', $path or die "$path: $!\n";
        truncate $file, $bytes or die "$path: $!\n";
    }
}

# What the network card is plugged into: two machines share a folder, and the first of them listens there.
sub plug_in {
    my ($role, $path) = split /:/, $_[0] // return, 2;
    socket my $socket, $AF_UNIX, $SOCK_STREAM, 0 or die "socket: $!";
    my $address = pack 'S Z*', $AF_UNIX, $path;
    if ($role eq 'listen') {
        bind $socket, $address or die "$path: $!";
        # Whoever has the folder is the other machine of this network.
        chmod 0666, $path;
        listen $socket, 1 or die "listen: $!";
        return $socket;
    }
    my $until_s = time + $CABLE_S;
    until (connect $socket, $address) {
        die "$path: $!\n" if time >= $until_s;
        select undef, undef, undef, 0.02;
    }
    return $socket;
}

sub become_machine {
    open STDERR, '>&', $stderr_end;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    $SIG{CHLD} = 'DEFAULT';
    prepare_files();
    my $cable = plug_in($settings{cable});
    # Neither may lie where the other is put.
    my @given = map { defined $_ ? lifted($_) : undef } $monitor_end, $cable;
    syscall $SYS_DUP2, $given[0], $MONITOR_FD;
    syscall $SYS_DUP2, $given[1], $CABLE_FD if defined $given[1];
    syscall $SYS_CLOSE_RANGE, defined $given[1] ? $CABLE_FD + 1 : $MONITOR_FD + 1, 0x7fffffff, 0;
    # A disk that has grown to its limit is an error for the guest that writes, not the end of its machine.
    $SIG{XFSZ} = 'IGNORE';
    setpriority 0, 0, $settings{niceness} // 0;
    # With huge pages, what is touched once takes two megabytes.
    syscall $SYS_PRCTL, $PR_SET_THP_DISABLE, 1, 0, 0, 0;
    load_filter($settings{filter}) if defined $settings{filter};
    exec { $command[0] } @command;
    print STDERR "$command[0]: $!";
    exit 127;
}

# A copy of the descriptor out of the way of those that are given.
sub lifted {
    my $number = fcntl $_[0], $F_DUPFD, 16;
    return 0 + $number;
}

sub load_filter {
    my $program = pack 'H*', $_[0];
    my $struct = pack 'S x6 P', length($program) / 8, $program;
    syscall $SYS_PRCTL, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0;
    return if syscall($SYS_SECCOMP, 1, 0, $struct) == 0;
    print STDERR "the filter was not loaded: $!";
    exit 126;
}

# What can be done now, by descriptor.
sub wait_for_something {
    my ($reads, $writes) = ('', '');
    vec($reads, $_, 1) = 1 for grep { defined } $exit_fd, fileno $door, fileno $stderr;
    vec($reads, fileno $_->{socket}, 1) = 1 for @strangers, $client ? $client : ();
    vec($writes, fileno $client->{socket}, 1) = 1 if $client && length $client->{out};
    for my $channel (grep { $_->{socket} } values %channels) {
        my $fd = fileno $channel->{socket};
        vec($reads, $fd, 1) = 1 if length $channel->{kept} < $WINDOW;
        vec($writes, $fd, 1) = 1 if length $channel->{to};
    }
    my $count = select my $r = $reads, my $w = $writes, undef, wait_s();
    ($r, $w) = ('', '') if $count <= 0;
    return { read => sub { vec $r, $_[0], 1 }, write => sub { vec $w, $_[0], 1 } };
}

# Until the next thing that time brings about.
sub wait_s {
    my $until_s = $deadline_s // ($client ? $latest_s : $alone_since_s + $ALONE_S);
    my $wait_s = $until_s - time;
    return $wait_s < 0 ? 0 : $wait_s > $LONGEST_WAIT_S ? $LONGEST_WAIT_S : $wait_s;
}

sub readable {
    my $wanted = '';
    vec($wanted, fileno $_[0], 1) = 1;
    return select $wanted, undef, undef, 0;
}

# Told by a signal; and looked at now and then, for one that came at the wrong moment.
sub look_at_machine {
    return if !$is_told && time < $looked_s + $LONGEST_WAIT_S;
    ($is_told, $looked_s) = (0, time);
    my $is_stopped = contents("/proc/$machine/stat") =~ /.*\) [Tt] /s || 0;
    return if $is_stopped == $stopped;
    $stopped = $is_stopped;
    announce($stopped ? 'stopped' : 'continued');
}

sub listen_to_stderr {
    my $count = sysread $stderr, my $text, 4096;
    return close $stderr if !$count;
    $said .= $text;
    $said = substr $said, -$STDERR_KEPT if length $said > $STDERR_KEPT;
}

sub meet {
    my ($socket) = @_;
    return if @strangers >= $MAX_STRANGERS;
    fcntl $socket, $F_SETFL, $O_NONBLOCK;
    push @strangers, { socket => $socket, in => '', out => '', heard_s => time };
}

sub serve_connections {
    my ($ready) = @_;
    for my $connection (@strangers, $client ? $client : ()) {
        next if !$ready->{read}(fileno $connection->{socket});
        my $count = sysread $connection->{socket}, $connection->{in}, 65536, length $connection->{in};
        next if !defined $count && ($! == $EAGAIN || $! == $EINTR);
        $connection->{heard_s} = time;
        $connection->{is_over} = 1 if !$count || !parse_frames($connection);
    }
    @strangers = grep { !$_->{is_over} && $_ != ($client // 0) } @strangers;
    lose_client() if $client && $client->{is_over};
}

sub lose_client {
    close $client->{socket};
    $client = undef;
    $alone_since_s = time;
}

# False when the other side is none of ours.
sub parse_frames {
    my ($connection) = @_;
    my $at = 0;
    my $is_right = 1;
    while ($is_right && length($connection->{in}) - $at >= $HEADER_BYTES) {
        my ($kind, $number, $length) = unpack 'C n N', substr $connection->{in}, $at, $HEADER_BYTES;
        return 0 if $length > $MAX_PAYLOAD;
        last if length($connection->{in}) - $at - $HEADER_BYTES < $length;
        $is_right = take_frame($connection, $kind, $number, substr $connection->{in}, $at + $HEADER_BYTES, $length);
        $at += $HEADER_BYTES + $length;
    }
    substr $connection->{in}, 0, $at, '';
    return $is_right;
}

sub take_frame {
    my ($connection, $kind, $number, $payload) = @_;
    return greet($connection, $payload) if $kind == $HELLO;
    # Before it has said who it is, and after another one has come.
    return 0 if !$client || $connection != $client;
    if ($kind == $PING) { put_frame($PONG, 0, ''); return 1 }
    my $channel = $channels{$number} or return 1;    # closed meanwhile
    if ($kind == $ACK) { return length $payload == 8 && acknowledged($channel, unpack 'Q>', $payload) }
    return $kind == $DATA && take_data($channel, $payload);
}

sub greet {
    my ($connection, $text) = @_;
    my ($verb, $name, $rest) = $text =~ /^drydock $VERSION (begin|resume) ([0-9a-f]{32})((?: \d{1,5}:\d{1,16})*)$/ or return 0;
    return 0 if $connection->{is_greeted}++;
    if ($verb eq 'resume' && $name ne ($session // '')) {
        syswrite $connection->{socket}, frame($HELLO, 0, "drydock $VERSION evicted");
        return 0;
    }
    close $client->{socket} if $client;
    $client = $connection;
    if ($verb eq 'begin') { begin($name) }
    else                  { resume(map { split /:/ } split ' ', $rest) }
    return 1;
}

# Another server, or the same one anew: nothing of what was before is for it.
sub begin {
    ($session) = @_;
    close $_->{socket} for grep { $_->{socket} } values %channels;
    %channels = (0 => new_channel(undef));
    put_frame($HELLO, 0, "drydock $VERSION begun");
    announce('running');
    announce('stopped') if $stopped;
}

sub resume {
    my %has = @_;
    put_frame($HELLO, 0, join ' ', "drydock $VERSION resumed", map { "$_:$channels{$_}{taken}" } sort keys %channels);
    for my $number (sort { $b <=> $a } keys %channels) {
        my $channel = $channels{$number};
        next if !acknowledged($channel, $has{$number} // 0);
        for (my $at = 0 ; $at < length $channel->{kept} ; $at += $MAX_PAYLOAD) {
            put_frame($DATA, $number, substr $channel->{kept}, $at, $MAX_PAYLOAD);
        }
    }
}

sub new_channel {
    return { socket => $_[0], to => '', taken => 0, written => 0, told => 0, kept => '', acked => 0 };
}

sub acknowledged {
    my ($channel, $offset) = @_;
    my $count = $offset - $channel->{acked};
    return 0 if $count > length $channel->{kept};
    return 1 if $count <= 0;
    $channel->{acked} = $offset;
    if ($count == length $channel->{kept}) { undef $channel->{kept}; $channel->{kept} = '' }    # gives the room back
    else                                   { substr $channel->{kept}, 0, $count, '' }
    return 1;
}

sub take_data {
    my ($channel, $bytes) = @_;
    return 0 if length($channel->{to}) + length $bytes > $WINDOW;
    $channel->{taken} += length $bytes;
    return obey($channel, $bytes) if !exists $channel->{name};
    $channel->{to} .= $bytes if $channel->{socket};
    write_channel($channel);
    return 1;
}

# The first channel: lines of text.
sub obey {
    my ($channel, $bytes) = @_;
    $channel->{line} .= $bytes;
    $channel->{written} = $channel->{taken};
    while ($channel->{line} =~ s/^([^\n]*)\n//) {
        my $line = $1;
        if    ($line =~ /^open (\d{1,5}) ([a-z0-9.-]{1,40})$/) { open_channel($1, $2) }
        elsif ($line =~ /^close (\d{1,5})$/ && $1 > 0) { close_channel($1) }
        elsif ($line =~ /^live-until (\d{1,15})$/) { $deadline_s = $1 / 1000 < $latest_s ? $1 / 1000 : $latest_s }
        elsif ($line eq 'usage') { announce(usage()) }
        elsif ($line eq 'kill')  { end('it was told to end') }
    }
    acknowledge(0, $channel);
    return length $channel->{line} < $MAX_LINE;
}

sub open_channel {
    my ($number, $name) = @_;
    return if $number == 0 || $channels{$number};
    my $socket = keys %channels > $MAX_CHANNELS ? undef : socket_of($name);
    return announce("refused $number") if !$socket;
    fcntl $socket, $F_SETFL, $O_NONBLOCK;
    $channels{$number} = { %{ new_channel($socket) }, name => $name };
    announce("opened $number");
}

sub socket_of {
    my ($name) = @_;
    if ($name eq $FIRST_MONITOR) {
        my $socket = $monitor;
        $monitor = undef;
        return $socket;
    }
    socket my $socket, $AF_UNIX, $SOCK_STREAM, 0 or return undef;
    return connect($socket, pack 'S Z*', $AF_UNIX, "$FOLDER/$name") ? $socket : undef;
}

sub close_channel {
    my $channel = delete $channels{ $_[0] } or return;
    close $channel->{socket} if $channel->{socket};
}

sub serve_channels {
    my ($ready) = @_;
    for my $number (keys %channels) {
        my $channel = $channels{$number};
        next if !$channel->{socket};
        my $fd = fileno $channel->{socket};
        write_channel($channel) if $ready->{write}($fd);
        read_channel($number, $channel) if $channel->{socket} && $ready->{read}($fd);
        acknowledge($number, $channel);
    }
}

sub write_channel {
    my ($channel) = @_;
    return if !length $channel->{to} || !$channel->{socket};
    my $count = syswrite $channel->{socket}, $channel->{to};
    if (!defined $count) {
        return if $! == $EAGAIN || $! == $EINTR;
        $count = length $channel->{to};    # it is gone; reading tells
    }
    substr $channel->{to}, 0, $count, '';
    $channel->{written} += $count;
}

sub read_channel {
    my ($number, $channel) = @_;
    my $room = $WINDOW - length $channel->{kept};
    my $count = sysread $channel->{socket}, my $bytes, $room < $MAX_PAYLOAD ? $room : $MAX_PAYLOAD;
    return if !defined $count && ($! == $EAGAIN || $! == $EINTR);
    if (!$count) {
        close $channel->{socket};
        delete $channel->{socket};
        announce("closed $number " . ($channel->{acked} + length $channel->{kept}));
        return;
    }
    send_data($number, $channel, $bytes);
}

sub send_data {
    my ($number, $channel, $bytes) = @_;
    $channel->{kept} .= $bytes;
    put_frame($DATA, $number, $bytes);
}

sub acknowledge {
    my ($number, $channel) = @_;
    my $news = $channel->{written} - $channel->{told};
    return if $news == 0 || $news < $ACK_EVERY && length $channel->{to};
    $channel->{told} = $channel->{written};
    put_frame($ACK, $number, pack 'Q>', $channel->{written});
}

# A line on the first channel. Without a session there is nobody to tell.
sub announce {
    my ($line) = @_;
    send_data(0, $channels{0}, "$line\n") if $channels{0};
}

sub frame {
    my ($kind, $number, $payload) = @_;
    return pack('C n N', $kind, $number, length $payload) . $payload;
}

sub put_frame { $client->{out} .= frame(@_) if $client }

sub flush_client {
    return if !$client || !length $client->{out};
    my $count = syswrite $client->{socket}, $client->{out};
    if (defined $count) {
        if ($count == length $client->{out}) { undef $client->{out}; $client->{out} = '' }
        else                                 { substr $client->{out}, 0, $count, '' }
    }
    elsif ($! != $EAGAIN && $! != $EINTR) { lose_client() }
}

sub usage {
    my ($stat, $status) = map { contents("/proc/$machine/$_") } 'stat', 'status';
    $stat =~ s/.*\) //s;
    my @fields = split ' ', $stat;
    my ($kib) = $status =~ /^RssAnon:\s+(\d+) kB$/m;
    # Hundredths of a second.
    return 'usage ' . 10 * ($fields[11] + $fields[12]) . ' ' . 1024 * ($kib // 0);
}

sub contents {
    open my $file, '<', $_[0] or return '';
    local $/;
    return scalar <$file>;
}

sub keep_time {
    my $now_s = time;
    @strangers = grep { $now_s - $_->{heard_s} < $HELLO_S } @strangers;
    lose_client() if $client && $now_s - $client->{heard_s} >= $SILENT_S;
    if ($now_s >= ($deadline_s // $latest_s)) { end('its time was up') }
    elsif (!defined $deadline_s && !$client && $now_s - $alone_since_s >= $ALONE_S) { end('its owner is gone') }
}

sub end {
    $why_killed //= $_[0] . '.';
    kill 9, $machine;
}
