package org.procmon.supervise.port;

import org.procmon.lifecycle.Ticks;

/** The monotonic clock. */
@FunctionalInterface
public interface Ticker {
    Ticks now();

    /** The JVM's own. */
    static Ticker system() {
        return () -> new Ticks(System.nanoTime());
    }
}
