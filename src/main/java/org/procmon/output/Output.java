package org.procmon.output;

/** The two streams that a process writes to. */
public enum Output {
    STDOUT,
    STDERR
}
