package org.procmon.lifecycle;

/** What is wanted of a process, independent of its state. */
public enum Goal {
    UP,
    DOWN,
    /** Down, then removed from the monitor. */
    FORGOTTEN
}
