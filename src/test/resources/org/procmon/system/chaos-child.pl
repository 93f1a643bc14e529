#!/usr/bin/perl
# A child of the chaos run: perl chaos-child.pl FOLDER KIND SEED, started by procmon.
#
# What it leaves in FOLDER, for the end of the run:
#   NAME.lock    locked as long as this run, or anything that it has left, is there
#   NAME.starts  a line "PID RUN" for each start
#   NAME.counts  for each run and stream the number of lines that it certainly wrote, in 20 bytes
#   violations   what must not have happened
# It writes lines "NAME RUN NUMBER" to stdout and stderr, each numbered for itself.
#
# No modules, so that it is up in a moment: the numbers are those of fcntl.h and sys/file.h on Linux.
use strict;
use warnings;

my $RDWR_CREAT = 0102;
my $APPEND_CREAT = 02101;
my $EXCLUSIVE_NONBLOCKING = 6;

my ($folder, $kind, $seed) = @ARGV;
my ($name, $run) = ($ENV{PROCMON_ID}, $ENV{PROCMON_RUN});
$SIG{TERM} = 'IGNORE' if $kind eq 'stubborn';

sub record {
    my ($file, $line) = @_;
    sysopen(my $out, "$folder/$file", $APPEND_CREAT, 0600) or die "cannot open $file: $!";
    syswrite($out, "$line\n");
}

sysopen(my $lock, "$folder/$name.lock", $RDWR_CREAT, 0600) or die "cannot open the lock: $!";
flock($lock, $EXCLUSIVE_NONBLOCKING)
    or record('violations', "$name: run $run, pid $$, starts while another one is there");
record("$name.starts", "$$ $run");

sysopen(my $counts, "$folder/$name.counts", $RDWR_CREAT, 0600) or die "cannot open the counts: $!";
my @files = (\*STDOUT, \*STDERR);
my @written = (0, 0);

sub put {
    my ($stream) = @_;
    my $line = "$name $run " . ++$written[$stream] . "\n";
    my $done = syswrite($files[$stream], $line);
    defined $done && $done == length $line
        or record('violations', "$name: run $run cannot write: " . ($done // $!));
}

sub count {
    my ($stream) = @_;
    sysseek($counts, ($run * 2 + $stream) * 20, 0);
    syswrite($counts, sprintf "%-19d\n", $written[$stream]);
}

sub line {
    my ($stream) = @_;
    put($stream);
    count($stream);
}

sub nap {
    my ($least, $most) = @_;
    select undef, undef, undef, $least + rand($most - $least);
}

# The same run of the same name does the same.
my $mixed = $seed % 1_000_003;
$mixed = ($mixed * 31 + ord) % 1_000_003 for split //, "$name $run";
srand $mixed;

sub lines {
    my ($count, $least, $most) = @_;
    for (1 .. $count) {
        line(0);
        line(1) if rand() < 0.3;
        nap($least, $most);
    }
}

if ($kind eq 'steady' || $kind eq 'stubborn') {
    lines(1, 0.05, 0.5) while 1;
} elsif ($kind eq 'fast') {
    while (1) {
        for (1 .. 100) {
            line(0);
            line(1) if $_ % 5 == 0;
        }
        nap(0.05, 0.2);
    }
} elsif ($kind eq 'flooding') {
    while (1) {
        put(0) for 1 .. 10_000;
        count(0);
        nap(0.5, 2);
    }
} elsif ($kind eq 'quiet') {
    sleep 1000 while 1;
} elsif ($kind eq 'crashing') {
    lines(int rand 20, 0.01, 0.2);
    kill((qw(KILL TERM USR1 HUP))[int rand 4], $$) if rand() < 0.5;
    exit 1 + int rand 255;
} elsif ($kind eq 'ending') {
    lines(int rand 20, 0.01, 0.2);
    exit 0;
} elsif ($kind eq 'leaving') {
    # What it leaves keeps the lock, so that a next run before it is gone shows.
    my $left = fork // die "cannot fork: $!";
    if ($left == 0) {
        sleep 1000 while 1;
    }
    lines(int rand 20, 0.01, 0.2);
    exit int rand 2;
} elsif ($kind eq 'job') {
    lines(1 + int rand 50, 0.01, 0.2);
    exit int rand 2;
} else {
    die "what is '$kind'?";
}
