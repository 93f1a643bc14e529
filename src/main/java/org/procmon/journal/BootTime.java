package org.procmon.journal;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Ticker;

/**
 * When a record was written: the boot, and one moment of it by both clocks, so that another boot
 * can compute ages.
 *
 * @param boot the boot and the pid namespace; pids and ticks mean something only in the same
 * @param wallMillis milliseconds since 1970
 * @param ticks the same moment of the monotonic clock
 */
record BootTime(String boot, long wallMillis, Ticks ticks) {
    /** Makes stamps of the present time. */
    record Source(String boot, InstantSource wall, Ticker ticker) {
        BootTime now() {
            return new BootTime(boot, wall.millis(), ticker.now());
        }
    }

    boolean isOfSameBoot(BootTime other) {
        return boot.equals(other.boot);
    }

    /**
     * The time of an event in a record of this stamp, on the clock of a later boot; as long ago as
     * the wall clock shows, or no time ago if that was set back.
     */
    Ticks seenFrom(BootTime later, Ticks then) {
        long between = TimeUnit.MILLISECONDS.toNanos(Math.max(0, later.wallMillis - wallMillis));
        return new Ticks(later.ticks.nanos() - between - (ticks.nanos() - then.nanos()));
    }
}
