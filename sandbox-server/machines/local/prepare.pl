# Sets what is inherited by everything started from here and what no smaller tool sets, then becomes the command.
#
#   perl prepare.pl LAST_FD NICENESS CGROUP COMMAND...
#
# No module is loaded: it would cost more than all else here.
use strict;

my ($last_fd, $niceness, $cgroup, @command) = @ARGV;
my ($SYS_PRCTL, $PR_SET_THP_DISABLE, $SYS_CLOSE_RANGE, $ALL_FDS) = (157, 41, 436, 0x7fffffff);
my $OOM_SCORE = 800;

# A machine that should have a control group does not run outside it.
if ($cgroup ne '-') {
    open my $members, '>', "$cgroup/cgroup.procs" or die "$cgroup: $!\n";
    syswrite $members, $$ or die "$cgroup: $!\n";
}
# With huge pages, what is touched once takes two megabytes.
syscall $SYS_PRCTL, $PR_SET_THP_DISABLE, 1, 0, 0, 0;
# What the server's own parents left open is none of a machine's business.
syscall $SYS_CLOSE_RANGE, $last_fd + 1, $ALL_FDS, 0;
# A disk that has grown to its limit is an error for the guest that writes, not the end of its machine.
$SIG{XFSZ} = 'IGNORE';
# When memory runs short, the kernel ends a machine before anything else.
put('oom_score_adj', $OOM_SCORE);
# Server and site get processor time first. Where the kernel schedules by session, niceness counts within one only, and
# the session of this process has a niceness of its own.
setpriority 0, 0, $niceness;
put('autogroup', $niceness) or put_later('autogroup', $niceness);
exec { $command[0] } @command or die "$command[0]: $!\n";

sub put {
    my ($name, $value) = @_;
    open my $file, '>', "/proc/self/$name" or return 1;    # a kernel without it
    return syswrite $file, $value;
}

# An ordinary user may do this once in 100 ms, all processes taken together. The child of a child, so that nobody waits
# for it; in the same session, so that its "self" will do.
sub put_later {
    my ($name, $value) = @_;
    my $child = fork;
    return if !defined $child;
    if ($child) { waitpid $child, 0; return }
    exit if fork;
    syscall $SYS_CLOSE_RANGE, 0, $ALL_FDS, 0;
    for (1 .. 100) {
        select undef, undef, undef, 0.1 + rand 0.1;
        last if put($name, $value);
    }
    exit;
}
