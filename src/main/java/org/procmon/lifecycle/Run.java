package org.procmon.lifecycle;

/**
 * One run of a process.
 *
 * @param pid the session leader; also the number of its process group
 * @param born when the kernel started it, in its clock ticks since boot; with the pid, this
 *     identifies the process among all of this boot. Source: proc(5), {@code starttime}
 * @param number which run of its process this is, from 1
 * @param started when it was spawned
 */
public record Run(int pid, long born, long number, Ticks started) {
    /** Stands for the pid of a run that exited before its pid was known. */
    public static final int NO_PID = 0;
}
