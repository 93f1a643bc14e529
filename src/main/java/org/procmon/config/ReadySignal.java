package org.procmon.config;

import java.nio.file.Path;

/** What says that a process is up. */
public sealed interface ReadySignal {
    /** It sends {@code READY=1}; source: sd_notify(3). */
    record Notify() implements ReadySignal {}

    /**
     * It writes a newline; source: s6's notification-fd.
     *
     * @param number the descriptor that it writes to, 3 or above
     */
    record Newline(int number) implements ReadySignal {}

    /**
     * It writes a line to its standard output or error.
     *
     * @param regex found in that line; see {@link java.util.regex.Pattern}
     */
    record Output(String regex) implements ReadySignal {}

    /** It makes a file, or writes one anew. */
    record Appears(Path file) implements ReadySignal {}

    /** It answers. */
    record Answers(Probe probe) implements ReadySignal {}
}
