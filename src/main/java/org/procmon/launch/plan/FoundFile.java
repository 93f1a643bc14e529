package org.procmon.launch.plan;

import org.procmon.posix.Errno;

/** What a process would find at a path. */
sealed interface FoundFile {
    /**
     * What it needs.
     *
     * @param path of the same file in the monitor's own root
     */
    record Good(String path) implements FoundFile {}

    /** Unknown without asking another machine, or without being the process. */
    record Unknown() implements FoundFile {}

    /**
     * Nothing that it can use.
     *
     * @param detail more about it, to be put after the error; may be empty
     */
    record Bad(Errno errno, String detail) implements FoundFile {
        String words() {
            return detail.isEmpty() ? errno.words() : errno.words() + ", " + detail;
        }
    }
}
