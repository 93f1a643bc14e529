/**
 * Tests of the whole way from curl to the processes: the built product behind Debian's lighttpd,
 * with the configurations in {@code lighttpd/}. They need lighttpd, curl and spawn-fcgi, and fail
 * where these are missing.
 */
@NullMarked
package org.procmon.system.http;

import org.jspecify.annotations.NullMarked;
