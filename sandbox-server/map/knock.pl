# Which of $DRYDOCK_PLACES can be connected to from here: `open`, or `shut` by a refusal or by silence. Says nothing to
# whoever is there. Numbers stand for what Socket.pm and Fcntl.pm would say; loading them takes longer than this does.
use strict;
use warnings;

my ($PATIENCE_S, $STREAM, $INET, $SET_FLAGS, $NONBLOCK, $SOCKET, $ERROR) = (0.7, 1, 2, 4, 04000, 1, 4);

for my $place (split ' ', $ENV{DRYDOCK_PLACES}) {
    my ($address, $port) = $place =~ /^([\d.]+):(\d+)$/ or next;
    socket my $socket, $INET, $STREAM, 0 or next;
    fcntl $socket, $SET_FLAGS, $NONBLOCK;
    my $is_open = connect $socket, pack('S n C4 x8', $INET, $port, split /\./, $address);
    unless ($is_open) {
        my $ready = '';
        vec($ready, fileno $socket, 1) = 1;
        $is_open = select(undef, $ready, undef, $PATIENCE_S) && unpack('i', getsockopt $socket, $SOCKET, $ERROR) == 0;
    }
    print "$place\t", $is_open ? 'open' : 'shut', "\n";
}
