/**
 * The commands: options, calls and tables.
 *
 * <p>May use {@code control.client} and {@code spec}.
 */
@NullMarked
package org.procmon.cli;

import org.jspecify.annotations.NullMarked;
