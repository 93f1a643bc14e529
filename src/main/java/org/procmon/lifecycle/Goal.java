package org.procmon.lifecycle;

/** What is wanted of a process, whatever is observed of it. */
public enum Goal {
    UP,
    DOWN,
    /** Down, and then out of the monitor's memory. */
    FORGOTTEN
}
