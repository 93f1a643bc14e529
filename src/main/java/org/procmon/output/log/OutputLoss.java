package org.procmon.output.log;

/**
 * The output of a process that could not be kept.
 *
 * @param bytes lost since this monitor started; unknown, and 0, if the output never reached it
 * @param reason the latest failure, in words
 * @param failing whether output is still being lost
 */
public record OutputLoss(long bytes, String reason, boolean failing) {}
