/**
 * {@code fcgi_proc}: translates HTTP queries into control calls and answers over FastCGI.
 *
 * <p>It keeps no state of the monitor, so any number may run. A request stays on the virtual thread
 * of its FastCGI connection from its first byte to its last; only a list may be requested on
 * another request's thread.
 */
@NullMarked
package org.procmon.web;

import org.jspecify.annotations.NullMarked;
