package org.procmon.supervise.port;

import org.procmon.config.ProcessSpec;

/**
 * A program of the monitor's own, such as its backup: supervised like the others, but no command
 * means it by a pattern, and no process waits for it.
 *
 * @param spec what to run; its name is a reserved one
 * @param endsLast whether a shutdown leaves it running, since it ends by itself after the monitor
 */
public record Companion(ProcessSpec spec, boolean endsLast) {}
