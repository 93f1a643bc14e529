# A FastCGI application: answers with its query string and its pid.
use strict;
use warnings;
use FCGI;

my %params;
my $request = FCGI::Request(\*STDIN, \*STDOUT, \*STDERR, \%params);
while ($request->Accept() >= 0) {
    print "Content-Type: text/plain\r\n\r\n$params{QUERY_STRING} $$";
}
