/**
 * The messages of {@code org.procmon.Monitor} and their codec: Varlink, NUL-terminated JSON
 * objects.
 *
 * <p>Uses no socket and no thread. May use Jackson's streaming parser, and of procmon the tables of
 * fields.
 */
@NullMarked
package org.procmon.control.protocol;

import org.jspecify.annotations.NullMarked;
