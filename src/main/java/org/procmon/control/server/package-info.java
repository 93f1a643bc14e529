/** The Varlink service on {@code control.sock}: one virtual thread for each connection. */
@NullMarked
package org.procmon.control.server;

import org.jspecify.annotations.NullMarked;
