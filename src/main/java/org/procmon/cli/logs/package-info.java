/**
 * The command {@code logs}: the output of many processes, both streams, merged by time where it is
 * known. One thread, one connection, which reads each stream from where it was.
 */
@NullMarked
package org.procmon.cli.logs;

import org.jspecify.annotations.NullMarked;
