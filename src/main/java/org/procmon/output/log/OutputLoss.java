package org.procmon.output.log;

/**
 * What of the output of a process could not be kept.
 *
 * @param bytes so many since this monitor began; not known, and 0, where the output never reached
 *     it
 * @param reason in words, of the latest failure
 * @param failing whether it still goes on
 */
public record OutputLoss(long bytes, String reason, boolean failing) {}
