# Looks after one machine, whether or not a server is there: supervisor.ts has the other end and says what it promises.
#
#   perl supervisor.pl SOCKET LONGEST_LIFE_S USERS_FOLDER FIRST_USER USERS WRITABLE... -- COMMAND...
#
# Descriptor 3 is the connection of the server that started it; standard input and those from 4 on are the machine's.
# There is one of these per machine, so it loads no module: each would count as memory of the machine.
use strict;

my ($address, $longest_life_s, $users_folder, $first_user, $users, @rest) = @ARGV;
my @writable;
push @writable, shift @rest while $rest[0] ne '--';
my (undef, @command) = @rest;

my $SERVER_FD = 3;
my @machine_fds = grep { -e "/proc/self/fd/$_" } 4 .. 9;
my ($SYS_CLOSE, $SYS_PIDFD_OPEN, $SYS_EXIT_GROUP) = (3, 434, 231);
my ($F_SETFD, $FD_CLOEXEC, $AF_UNIX, $SOCK_STREAM, $LOCK_EX_NB, $MSG_DONTWAIT) = (2, 1, 1, 1, 2 | 4, 0x40);
my $EWOULDBLOCK = 11;
my $STDERR_KEPT = 4000;
my $LONGEST_LINE = 100;
# The clock may be set, or the computer sleep: look at it this often.
my $LONGEST_WAIT_S = 30;
my $USERS_TRIED_FIRST = 1024;
# The last process of a jail is gone a moment after the first.
my $LINGER_S = 5;

$SIG{PIPE} = 'IGNORE';
my $machine;
my @connections = ({ socket => inherited($SERVER_FD), line => '' });
$SIG{__DIE__} = sub { die @_ if $^S; kill 9, $machine if $machine; finish("the supervisor failed: $_[0]") };

umask 0077;
socket my $door, $AF_UNIX, $SOCK_STREAM, 0 or die "socket: $!";
bind $door, pack('S Z*', $AF_UNIX, $address) or die "$address: $!";
listen $door, 8 or die "listen: $!";
my ($user, $user_lock) = take_user();
give_away($user) if defined $user;
pipe my $stderr, my $stderr_end or die "pipe: $!";
$machine = fork;
die "fork: $!" if !defined $machine;
become_machine() if $machine == 0;
close $stderr_end;
syscall $SYS_CLOSE, $_ for @machine_fds;
open STDIN, '<', '/dev/null';
# A signal could come just before a select that then sleeps through it; this becomes readable and stays so.
my $exit_fd = syscall $SYS_PIDFD_OPEN, $machine, 0;
die "pidfd_open: $!" if $exit_fd < 0;

my $deadline_s;    # undefined: it lives as long as a connection does
my $latest_s = time + $longest_life_s;
my ($said, $why_killed) = ('', undef);
greet($connections[0]);

while (1) {
    my $ready = wait_for(wait_s(), $exit_fd, fileno $door, fileno $stderr, map { fileno $_->{socket} } @connections);
    last if $ready->($exit_fd);
    listen_to_machine() if $ready->(fileno $stderr);
    if ($ready->(fileno $door) && accept my $socket, $door) {
        push @connections, { socket => $socket, line => '' };
        greet($connections[-1]);
    }
    @connections = grep { !$ready->(fileno $_->{socket}) || obey($_) } @connections;
    if (defined $deadline_s) { end('its time was up') if time >= $deadline_s }
    elsif (!@connections) { end('its owner is gone') }
}

waitpid $machine, 0;
my $status = $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
my $gone_by_s = time + $LINGER_S;
while (defined fileno $stderr && time < $gone_by_s) {
    listen_to_machine() if wait_for($gone_by_s - time, fileno $stderr)->(fileno $stderr);
}
finish(join ' ', $why_killed // $status . '.', $said);

# A connection that is there already; whatever is executed later does not have it.
sub inherited {
    my ($fd) = @_;
    open my $socket, '+<&=', $fd or exit 1;
    fcntl $socket, $F_SETFD, $FD_CLOEXEC;
    return $socket;
}

# A host user whom nobody else on this host holds. The kernel lets go of the lock when this process ends, however.
sub take_user {
    return if $users_folder eq '-';
    # Not the one that has just become free: who had it may be a moment away from its end. Few, for each leaves a file.
    my $start = int rand $USERS_TRIED_FIRST;
    for my $try (0 .. $users - 1) {
        my $number = $first_user + ($start + $try) % $users;
        open my $lock, '>>', "$users_folder/$number" or die "$users_folder/$number: $!";
        return $number, $lock if flock $lock, $LOCK_EX_NB;
        die "$users_folder/$number: $!" if $! != $EWOULDBLOCK;
    }
    die "all $users host users for machines are in use";
}

sub give_away {
    my ($user) = @_;
    s/^(--re[ug]id=)\{uid\}$/$1$user/ for @command;
    # The machine's folder lies in one that only this user may walk through.
    my ($around) = $address =~ m{^(.*)/};
    chown 0, $user, $around or die "$around: $!";
    chmod 0710, $around;
    for my $folder (@writable) {
        opendir my $names, $folder or die "$folder: $!";
        chown $user, $user, $folder, map { "$folder/$_" } grep { !/^\.\.?$/ } readdir $names;
    }
}

sub become_machine {
    open STDERR, '>&', $stderr_end;
    delete $SIG{__DIE__};
    exec { $command[0] } @command;
    print STDERR "$command[0]: $!";
    syscall $SYS_EXIT_GROUP, 127;    # nothing of the parent's is to be cleaned up here
}

sub wait_s {
    my $wait_s = defined $deadline_s ? $deadline_s - time : $LONGEST_WAIT_S;
    return $wait_s < 0 ? 0 : $wait_s > $LONGEST_WAIT_S ? $LONGEST_WAIT_S : $wait_s;
}

# Answers which of the descriptors can be read.
sub wait_for {
    my ($seconds, @fds) = @_;
    my $wanted = '';
    vec($wanted, $_, 1) = 1 for grep { defined } @fds;
    my $count = select my $ready = $wanted, undef, undef, $seconds;
    $ready = '' if $count <= 0;
    return sub { defined $_[0] && vec $ready, $_[0], 1 };
}

sub listen_to_machine {
    my $count = sysread $stderr, my $text, 4096;
    if ($count) {
        $said .= $text;
        $said = substr $said, -$STDERR_KEPT if length $said > $STDERR_KEPT;
    }
    else { close $stderr }
}

sub greet {
    my ($connection) = @_;
    send $connection->{socket}, "running $$ $machine\n", $MSG_DONTWAIT;
}

# False when the connection is over.
sub obey {
    my ($connection) = @_;
    return 0 if !sysread $connection->{socket}, $connection->{line}, $LONGEST_LINE, length $connection->{line};
    while ($connection->{line} =~ s/^([^\n]*)\n//) {
        my $line = $1;
        if ($line =~ /^live-until (\d{1,15})$/) { $deadline_s = $1 / 1000 < $latest_s ? $1 / 1000 : $latest_s }
        elsif ($line eq 'kill') { end('it was told to end') }
    }
    return length $connection->{line} < $LONGEST_LINE;
}

sub end {
    $why_killed //= $_[0] . '.';
    kill 9, $machine;
}

# The folder goes first: whoever is told that the machine has ended finds nothing of it.
sub finish {
    my ($reason) = @_;
    my ($around) = $address =~ m{^(.*)/};
    for my $folder (grep { m{^\Q$around\E/} } @writable) {
        unlink glob_all($folder);
        rmdir $folder;
    }
    unlink $address;
    rmdir $around;
    send $_->{socket}, "ended $reason", $MSG_DONTWAIT for @connections;
    exit;
}

sub glob_all {
    my ($folder) = @_;
    opendir my $names, $folder or return;
    return map { "$folder/$_" } grep { !/^\.\.?$/ } readdir $names;
}
