/**
 * Tests of pools with real applications behind real web servers: php-cgi, libfcgi, Go and Perl
 * behind nginx, lighttpd and Apache. They fail where one of these is missing.
 */
@NullMarked
package org.procmon.system.pool;

import org.jspecify.annotations.NullMarked;
