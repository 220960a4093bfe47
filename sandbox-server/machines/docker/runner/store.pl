# Looks after the volume of an engine that holds images and templates, each a folder named by its digest:
#
#   perl store.pl list               names of the folders that are complete, a line each
#   perl store.pl put NAME           fills one from an archive on standard input
#   perl store.pl sweep DAYS NAME... removes those that nobody has used for so long, and what was left half done; those
#                                    named are used now
#   perl store.pl pack FOLDER FILE...  writes these files to standard output, as an archive without their holes
use strict;

my $STORE = '/files';
my $HALF_DONE_S = 6 * 60 * 60;
my ($order, @rest) = @ARGV;
umask 0022;

if    ($order eq 'list')  { print map { "$_\n" } complete() }
elsif ($order eq 'put')   { put(@rest) }
elsif ($order eq 'sweep') { sweep(@rest) }
elsif ($order eq 'pack')  { pack_up(@rest) }
else                      { die "store.pl knows no $order\n" }

sub names {
    opendir my $folder, $STORE or die "$STORE: $!\n";
    return grep { !/^\./ } readdir $folder;
}

sub complete { return grep { /^[0-9a-f]+$/ } names() }

# Under another name until it is complete; two that bring the same one do not meet.
sub put {
    my ($name) = @_;
    die "$name is no digest\n" if $name !~ /^[0-9a-f]+$/;
    return drain() if -d "$STORE/$name";
    my $partial = "$STORE/$name.$$." . time;
    mkdir $partial or die "$partial: $!\n";
    my $status = system 'tar', '--extract', '--sparse', '--no-same-owner', '--directory', $partial, '--file', '-';
    if ($status != 0) { remove($partial); die "the archive could not be unpacked\n" }
    chmod 0755, $partial;
    rename $partial, "$STORE/$name" or -d "$STORE/$name" or die "$name: $!\n";
    remove($partial);
}

sub drain { 1 while sysread STDIN, my $bytes, 65536 }

sub sweep {
    my ($days, @used) = @_;
    my %is_used = map { $_ => 1 } @used;
    my $now = time;
    for my $name (names()) {
        my $path = "$STORE/$name";
        if ($is_used{$name}) { utime $now, $now, $path; next }
        my $age_s = $now - (stat $path)[9];
        my $patience_s = $name =~ /\./ ? $HALF_DONE_S : $days * 24 * 60 * 60;
        next if $age_s < $patience_s || $name =~ /^lost/;
        # At once and as a whole: one that is half removed must not look complete.
        rename $path, "$path.$$.old";
        remove("$path.$$.old");
        print "$name\n";
    }
}

sub pack_up {
    my ($folder, @files) = @_;
    system 'fallocate', '--dig-holes', "$folder/$_" for @files;
    exec 'tar', '--create', '--sparse', '--directory', $folder, '--file', '-', @files;
}

sub remove {
    my ($path) = @_;
    if (-d $path && !-l $path) {
        opendir my $folder, $path or return;
        remove("$path/$_") for grep { !/^\.\.?$/ } readdir $folder;
        rmdir $path;
    }
    else { unlink $path }
}
