package org.procmon.control.server;

import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.procmon.control.protocol.MessageBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is for all clients together: places, some of which are kept for root and the monitor's
 * own user, so that nobody can lock them out; those who may follow what happens for as long as they
 * like; and room for long messages. Safe from any thread.
 */
final class Places {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

    private final Limits limits;
    private final MessageBudget messages = new MessageBudget(Limits.UNFINISHED_MESSAGES);
    private final Map<UserPrincipal, Integer> byUser = new HashMap<>();
    private int taken;
    private int takenByOthers;
    private int followers;
    private long complained = System.nanoTime() - BETWEEN_COMPLAINTS.toNanos();

    Places(Limits limits) {
        this.limits = limits;
    }

    MessageBudget messages() {
        return messages;
    }

    /**
     * Takes a place; to be given back.
     *
     * @param isOwn whether the user is root, or the one that the monitor runs as
     * @return whether there was one
     */
    synchronized boolean take(UserPrincipal user, boolean isOwn) {
        int ofUser = byUser.getOrDefault(user, 0);
        boolean full = taken >= limits.connections();
        boolean fullForOthers = takenByOthers >= limits.ofOthers() || ofUser >= limits.ofOneUser();
        if (full || (!isOwn && fullForOthers)) {
            return false;
        }
        taken++;
        takenByOthers += isOwn ? 0 : 1;
        byUser.put(user, ofUser + 1);
        return true;
    }

    synchronized void give(UserPrincipal user, boolean isOwn) {
        taken--;
        takenByOthers -= isOwn ? 0 : 1;
        byUser.compute(user, (_, count) -> count == null || count == 1 ? null : count - 1);
    }

    /** Tells it to the log, but not as often as clients might have it told. */
    synchronized void complain(String message) {
        long now = System.nanoTime();
        if (now - complained >= BETWEEN_COMPLAINTS.toNanos()) {
            complained = now;
            LOG.warn("{}", message);
        }
    }

    /** Whether one more may follow; to be given back. */
    synchronized boolean beginToFollow() {
        if (followers >= limits.followers()) {
            return false;
        }
        followers++;
        return true;
    }

    synchronized void endToFollow() {
        followers--;
    }
}
