#!/usr/bin/perl
# A user who may only look at a monitor and does its worst: perl chaos-viewer.pl SOCKET SEED
#
# Goes on until it is killed: many who watch and do not read, calls with a mebibyte of names, calls
# that are refused, and connections that begin and end in the middle of anything. What becomes of
# its calls does not matter; whoever else asks the monitor has to be answered.
use strict;
use warnings;
use Socket;
use Fcntl;

my ($path, $seed) = @ARGV;
srand $seed;
$SIG{PIPE} = 'IGNORE';
my @open;

sub dial {
    socket(my $s, PF_UNIX, SOCK_STREAM, 0) or return undef;
    if (!connect($s, pack_sockaddr_un($path))) {
        select undef, undef, undef, 0.05;
        return undef;
    }
    fcntl($s, F_SETFL, O_NONBLOCK);
    return $s;
}

sub tell_ {
    my ($s, $bytes) = @_;
    my $at = 0;
    for (1 .. 200) {
        my $n = syswrite($s, $bytes, length($bytes) - $at, $at);
        if (defined $n) { $at += $n; return 1 if $at == length $bytes; }
        elsif ($!{EAGAIN}) { select undef, undef, undef, 0.005; }
        else { return 0; }
    }
    return 0;
}

sub call {
    my ($method, $parameters, $more) = @_;
    return '{"method":"org.procmon.Monitor.' . $method . '","parameters":{' . $parameters . '}'
        . ($more ? ',"more":true' : '') . "}\0";
}

sub names {
    my ($text, $bytes) = @_;
    my $count = int($bytes / (length($text) + 3));
    return '"names":[' . join(',', ("\"$text\"") x $count) . ']';
}

sub keep {
    my ($s) = @_;
    push @open, $s;
    close shift @open while @open > 200;
}

my @worst = (
    sub { my $s = dial() or return; tell_($s, call('Watch', '', 1)); keep($s); },
    sub { my $s = dial() or return; tell_($s, call('Watch', names('zz[w]*' x 20, 1_000_000), 1)); keep($s); },
    sub { my $s = dial() or return; tell_($s, call('List', names('*a*b*c*d*', 1_000_000), 0)); keep($s); },
    sub { my $s = dial() or return; tell_($s, call('Stop', names("\xe2\x82\xac" x 300, 18_000), 0)) for 1 .. 20; close $s; },
    sub { my $s = dial() or return; tell_($s, call('Stop', names('*', 10), 0)); close $s; },
    sub { my $s = dial() or return; tell_($s, join '', map { chr int rand 256 } 1 .. 1 + int rand 2000); close $s; },
    sub { my $s = dial() or return; tell_($s, substr(call('List', '', 0), 0, int rand 40)); keep($s); },
    sub { my $s = dial() or return; tell_($s, '{' x 100_000); close $s; },
    sub { my $s = dial() or return; tell_($s, call('List', '', 0) x 500); keep($s); },
    sub { dial() for 1 .. 50; },
);
while (1) {
    $worst[int rand @worst]->();
    select undef, undef, undef, 0.002;
}
