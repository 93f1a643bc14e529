/**
 * procmon's own log: an SLF4J provider that writes each event as one line, as text or as JSON, to
 * standard error. Lines are bounded in length, repeated failures of a process are folded, and a
 * line that cannot be written is lost without an error. Any thread.
 */
@NullMarked
package org.procmon.log;

import org.jspecify.annotations.NullMarked;
