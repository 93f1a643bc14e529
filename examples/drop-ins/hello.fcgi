#!/usr/bin/perl
# Says who answers. Variables come from the file beside it, hello.fcgi.env.
use strict;
use warnings;
use FCGI;

my $greeting = $ENV{GREETING} || 'hello';
my %params;
my $request = FCGI::Request(\*STDIN, \*STDOUT, \*STDERR, \%params);
while ($request->Accept() >= 0) {
    print "Content-Type: text/plain\r\n\r\n$greeting from $params{SCRIPT_NAME}\n";
}
