/**
 * The client of {@code control.sock}, on the JDK's own Unix sockets.
 *
 * <p>Few classes on purpose: a command-line call loads them all.
 */
@NullMarked
package org.procmon.control.client;

import org.jspecify.annotations.NullMarked;
