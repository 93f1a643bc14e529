package org.procmon.lifecycle;

/**
 * One pid's life.
 *
 * @param pid the session leader; also the number of its process group
 * @param number which run of its process this is, from 1
 * @param started when it was spawned
 */
public record Run(int pid, long number, Ticks started) {}
