/**
 * The connections of the control socket: each has a virtual thread, and a place that is counted for
 * its user.
 */
@NullMarked
package org.procmon.control.server.connections;

import org.jspecify.annotations.NullMarked;
