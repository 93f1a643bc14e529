/**
 * The HTTP handlers: queries become calls of {@link org.procmon.control.client.MonitorApi}.
 *
 * <p>They know no transport, and keep no state of the monitor. A request stays on its thread from
 * its first byte to its last; only a list may be requested on another request's thread.
 */
@NullMarked
package org.procmon.web;

import org.jspecify.annotations.NullMarked;
