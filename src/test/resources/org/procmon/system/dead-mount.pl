#!/usr/bin/perl
# A file system that nobody answers for: perl dead-mount.pl FOLDER mounts it and waits. Who touches anything there waits too, until
# this program ends. The number is that of mount(2) on x86-64 and on AArch64.
use strict;
use warnings;

my ($folder) = @ARGV;
my ($source, $type) = ('dead', 'fuse');
my $mount = `uname -m` =~ /aarch64/ ? 40 : 165;
open(my $device, '+<', '/dev/fuse') or die "cannot open /dev/fuse: $!";
my $options = 'fd=' . fileno($device) . ',rootmode=40000,user_id=0,group_id=0';
syscall($mount, $source, $folder, $type, 0, $options) == 0 or die "cannot mount: $!";
$| = 1;
print "mounted\n";
sleep 1000 while 1;
