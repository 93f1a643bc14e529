/**
 * The table of {@code procmon list}: rows of processes and pools, sorted and filtered, laid out for
 * the width of a terminal. Values in, text out; only {@link org.procmon.cli.table.ListCommand} asks
 * a monitor.
 */
@NullMarked
package org.procmon.cli.table;

import org.jspecify.annotations.NullMarked;
