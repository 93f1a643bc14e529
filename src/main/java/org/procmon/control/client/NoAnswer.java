package org.procmon.control.client;

import java.time.Duration;

/** The monitor did not answer within the client's own time limit; it may hang, or be stopped. */
public final class NoAnswer extends ControlException {
    private static final long serialVersionUID = 1;

    /**
     * @param limit the time limit
     */
    public NoAnswer(Duration limit) {
        super("no answer within " + words(limit));
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
