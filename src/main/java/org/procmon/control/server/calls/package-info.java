/** Answers the calls of the control socket, on the thread of the connection that makes the call. */
@NullMarked
package org.procmon.control.server.calls;

import org.jspecify.annotations.NullMarked;
