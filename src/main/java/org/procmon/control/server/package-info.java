/**
 * The Varlink service on {@code control.sock}: one virtual thread for each connection.
 *
 * <p>May use {@code supervise} and {@code control.protocol}.
 */
@NullMarked
package org.procmon.control.server;

import org.jspecify.annotations.NullMarked;
