/**
 * The program {@code http_proc}: its options, its listening sockets, its start and its end. It
 * serves the handlers of {@code web}, FastCGI applications and files over HTTP, and keeps no state
 * of the monitor.
 */
@NullMarked
package org.procmon.httpproc;

import org.jspecify.annotations.NullMarked;
