/** Listening sockets of {@code fcgi_proc} and {@code http_proc}: opened, or inherited. */
@NullMarked
package org.procmon.listen;

import org.jspecify.annotations.NullMarked;
