package org.procmon.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** Signals to this process. */
final class SignalHandlers {
    static final Logger LOG = LoggerFactory.getLogger("procmon");

    private SignalHandlers() {}

    /** Runs the action on a thread of its own at each signal of this name, such as {@code TERM}. */
    static void on(String name, Runnable action) {
        Signal.handle(new Signal(name), _ -> action.run());
    }
}
