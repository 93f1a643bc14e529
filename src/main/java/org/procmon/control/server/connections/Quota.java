package org.procmon.control.server.connections;

import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.Map;

/**
 * Something of which there is only so much for all clients, places or bytes. A part of it is kept
 * for root and the monitor's own user, so that nobody can lock them out, and no other user gets all
 * of the rest. Safe from any thread.
 */
final class Quota {
    private final long all;
    private final long ofOthers;
    private final long ofOneUser;
    private final Map<UserPrincipal, Long> byUser = new HashMap<>();
    private long taken;
    private long takenByOthers;

    /**
     * Who takes something.
     *
     * @param isOwn whether it is root or the monitor's own user
     */
    record Taker(UserPrincipal user, boolean isOwn) {}

    /**
     * @param all how much there is
     * @param ofOthers how much of it users may have but root and the monitor's own
     * @param ofOneUser how much any one of those may have
     */
    Quota(long all, long ofOthers, long ofOneUser) {
        this.all = all;
        this.ofOthers = ofOthers;
        this.ofOneUser = ofOneUser;
    }

    /** A quota of which others may have seven eighths, and one of them three quarters. */
    static Quota of(long all) {
        return new Quota(all, all - all / 8, all - all / 4);
    }

    /** Takes some, to be given back, if there is as much for this user. */
    synchronized boolean take(Taker who, long amount) {
        long ofUser = byUser.getOrDefault(who.user(), 0L);
        boolean fits = taken + amount <= all;
        boolean fitsForOthers = takenByOthers + amount <= ofOthers && ofUser + amount <= ofOneUser;
        if (!fits || (!who.isOwn() && !fitsForOthers)) {
            return false;
        }
        taken += amount;
        takenByOthers += who.isOwn() ? 0 : amount;
        byUser.put(who.user(), ofUser + amount);
        return true;
    }

    synchronized void give(Taker who, long amount) {
        taken -= amount;
        takenByOthers -= who.isOwn() ? 0 : amount;
        byUser.computeIfPresent(who.user(), (_, had) -> had == amount ? null : had - amount);
    }

    /** How much is taken. */
    synchronized long taken() {
        return taken;
    }
}
