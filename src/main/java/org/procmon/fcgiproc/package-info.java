/**
 * The program {@code fcgi_proc}: its options, its listening socket, its start and its end. It
 * serves the handlers of {@code web} over FastCGI, and keeps no state of the monitor, so any number
 * may run.
 */
@NullMarked
package org.procmon.fcgiproc;

import org.jspecify.annotations.NullMarked;
