# What a server starts in a machine's container to speak to its mux: carries bytes between standard input and output and
# the mux's socket, until either side is over.
use strict;

my ($AF_UNIX, $SOCK_STREAM) = (1, 1);
$SIG{PIPE} = 'IGNORE';
socket my $mux, $AF_UNIX, $SOCK_STREAM, 0 or die "socket: $!";
my $address = pack 'S Z*', $AF_UNIX, $ARGV[0] // '/run/machine/mux.sock';
# The mux may have files to copy first.
my $until_s = time + 60;
until (connect $mux, $address) {
    die "the mux does not answer: $!\n" if time >= $until_s;
    select undef, undef, undef, 0.01;
}
my %others = (fileno STDIN, [\*STDIN, $mux], fileno $mux, [$mux, \*STDOUT]);
while (keys %others > 1) {
    my $wanted = '';
    vec($wanted, $_, 1) = 1 for keys %others;
    next if select($wanted, undef, undef, undef) <= 0;
    for my $fd (grep { vec $wanted, $_, 1 } keys %others) {
        my ($from, $to) = @{ $others{$fd} };
        my $count = sysread $from, my $bytes, 65536;
        exit if !$count;
        while (length $bytes) {
            my $written = syswrite $to, $bytes;
            exit if !defined $written;
            substr $bytes, 0, $written, '';
        }
    }
}
