package org.procmon.supervise.port;

import org.procmon.config.ProcessSpec;

/**
 * One of the monitor's own programs, such as its backup: supervised like the others, but no pattern
 * of a command matches it, and no process waits for it.
 *
 * @param spec what to run; its name is a reserved one
 * @param endsLast whether a shutdown leaves it running, since it exits by itself after the monitor
 */
public record Companion(ProcessSpec spec, boolean endsLast) {}
