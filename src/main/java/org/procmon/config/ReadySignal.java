package org.procmon.config;

import java.nio.file.Path;

/** The sign that a process is up. */
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

    /** It creates or rewrites a file. */
    record Appears(Path file) implements ReadySignal {}

    /** It answers a probe. */
    record Answers(Probe probe) implements ReadySignal {}

    /** It waits for connections on its listening socket; only the workers of pools have it. */
    record Accepts() implements ReadySignal {}
}
