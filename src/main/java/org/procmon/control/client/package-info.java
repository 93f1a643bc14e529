/**
 * The client of {@code control.sock}, on the JDK's own Unix sockets.
 *
 * <p>Few classes on purpose: every command loads them all.
 */
@NullMarked
package org.procmon.control.client;

import org.jspecify.annotations.NullMarked;
