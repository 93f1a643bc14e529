package org.procmon.control.server.connections;

import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.Map;

/**
 * A limited resource of all clients, connections or bytes. A part is reserved for root and the
 * monitor's own user, so that others cannot lock them out, and no single other user can take all of
 * the rest. Thread-safe.
 */
final class Quota {
    private final long all;
    private final long ofOthers;
    private final long ofOneUser;
    private final Map<UserPrincipal, Long> byUser = new HashMap<>();
    private long taken;
    private long takenByOthers;

    /**
     * A client that takes a part.
     *
     * @param isOwn whether it is root or the monitor's own user
     */
    record Taker(UserPrincipal user, boolean isOwn) {}

    /**
     * @param all the total
     * @param ofOthers the limit of all users but root and the monitor's own, together
     * @param ofOneUser the limit of each of those users
     */
    Quota(long all, long ofOthers, long ofOneUser) {
        this.all = all;
        this.ofOthers = ofOthers;
        this.ofOneUser = ofOneUser;
    }

    /** A quota of which others may have seven eighths, and each of them three quarters. */
    static Quota of(long all) {
        return new Quota(all, all - all / 8, all - all / 4);
    }

    /** Takes this amount if it is within the limits; the caller must give it back. */
    synchronized boolean take(Taker taker, long amount) {
        long ofUser = byUser.getOrDefault(taker.user(), 0L);
        boolean fits = taken + amount <= all;
        boolean fitsForOthers = takenByOthers + amount <= ofOthers && ofUser + amount <= ofOneUser;
        if (!fits || (!taker.isOwn() && !fitsForOthers)) {
            return false;
        }
        taken += amount;
        takenByOthers += taker.isOwn() ? 0 : amount;
        byUser.put(taker.user(), ofUser + amount);
        return true;
    }

    synchronized void give(Taker taker, long amount) {
        taken -= amount;
        takenByOthers -= taker.isOwn() ? 0 : amount;
        byUser.computeIfPresent(taker.user(), (_, had) -> had == amount ? null : had - amount);
    }

    /** The amount in use. */
    synchronized long taken() {
        return taken;
    }
}
