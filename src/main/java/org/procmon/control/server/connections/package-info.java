/**
 * The connections of the control socket: each has a virtual thread, and counts towards the limits
 * of its user.
 */
@NullMarked
package org.procmon.control.server.connections;

import org.jspecify.annotations.NullMarked;
