# What can be reached from here: TCP and UDP at each ADDRESS:PORT.
#
#   perl reach.pl ADDRESS:PORT...
#
# One line per target and way, "tcp 10.0.0.1:80 ENETUNREACH". "connected" is followed by what was heard first. Runs in a
# machine, which has no file of ours, and on the host for comparison; perl is all it needs.
use strict;
$| = 1;
my ($AF_INET, $STREAM, $DGRAM) = (2, 1, 2);
my %NAMES = (1 => 'EPERM', 4 => 'ETIMEDOUT', 13 => 'EACCES', 22 => 'EINVAL', 97 => 'EAFNOSUPPORT',
    99 => 'EADDRNOTAVAIL', 101 => 'ENETUNREACH', 104 => 'ECONNRESET', 110 => 'ETIMEDOUT', 111 => 'ECONNREFUSED', 113 => 'EHOSTUNREACH');
my $PATIENCE_S = 2;

for my $target (@ARGV) {
    my ($address, $port) = split /:/, $target;
    my $packed = pack 'S n C4 x8', $AF_INET, $port, split /\./, $address;
    print "tcp $target ", attempt($STREAM, $packed), "\n";
    print "udp $target ", attempt($DGRAM, $packed), "\n";
}

sub attempt {
    my ($type, $address) = @_;
    local $SIG{ALRM} = sub { };
    socket my $socket, $AF_INET, $type, 0 or return name();
    alarm $PATIENCE_S;
    my $done = connect $socket, $address;
    my $why = name();
    alarm 0;
    return $why if !$done;
    # A datagram goes nowhere before it is sent; whether anybody has it, only an answer tells.
    if ($type == $DGRAM) { send $socket, 'drydock', 0 or return name() }
    alarm $PATIENCE_S;
    my $heard = '';
    recv $socket, $heard, 100, 0;
    alarm 0;
    $heard =~ s/[^ -~]//g;
    return "connected $heard";
}

sub name { return $NAMES{$! + 0} // 'errno ' . ($! + 0) }
