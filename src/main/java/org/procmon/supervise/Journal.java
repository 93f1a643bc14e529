package org.procmon.supervise;

/**
 * Keeps what must outlive the monitor. Called on the loop's thread. On return the next monitor
 * would find it, however this one ends; where that cannot be done, the log says so and the
 * processes go on.
 */
public interface Journal {
    /** Replaces what is kept of a process. */
    void keep(Kept process);

    /** Keeps nothing of a process any more. */
    void drop(String name);
}
