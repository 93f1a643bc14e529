package org.procmon.pool.plan;

/**
 * A worker that is started so that another one can be stopped; or one that is started again under
 * the same number, since that is its address.
 *
 * @param old the number of the one that will be stopped
 * @param run its run; a later one has the newest configuration
 * @param fresh the number of the one that takes its place; the same if that is its address
 * @param reason why
 */
public record Replacement(int old, long run, int fresh, RetireReason reason) {}
