#!/usr/bin/perl
use strict;
use warnings;

print "Content-Type: text/plain\n\nperl $ENV{QUERY_STRING}\n";
