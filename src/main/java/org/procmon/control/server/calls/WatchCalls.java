package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.NamePattern;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.EventReply;
import org.procmon.control.server.replies.NameFilter;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.events.EventLog;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Supervisor;

/**
 * Answers {@code Watch}. Runs on the threads of the connections; keeps the latest replies, and
 * nothing of any connection. Those who watch all are told the same, so their replies are made once.
 */
final class WatchCalls {
    /** How many events a reply tells at most. */
    static final int MOST = 200;

    /**
     * How long a reply to all who watch everything may be, in bytes: one that is on its way to a
     * client that does not read is held until that is dropped.
     */
    private static final int LONGEST_SHARED = 64 << 10;

    /** The same for one that watches some, and is told of nobody else's. */
    private static final int LONGEST_OF_SOME = 32 << 10;

    /** How much is decoded for a reply at a time, in bytes as it is kept. */
    private static final int PART = 32 << 10;

    /**
     * How many replies are kept for others, of some 60 KB each in a burst. It takes several to tell
     * what has come since all were woken, and who falls behind, by up to a second, wants older ones
     * than who does not. With too few, each is made again and again, and all fall behind.
     */
    private static final int MOST_SHARED = 16;

    private final Supervisor supervisor;
    private final EventLog eventLog;
    private final Duration longestWait;

    /** The latest, the oldest first; guarded by this. */
    private final ArrayDeque<Shared> shared = new ArrayDeque<>(MOST_SHARED);

    /** A reply to all who watch everything and have read between the same numbers. */
    private record Shared(long since, long end, CallReply.Encoded reply) {}

    WatchCalls(Supervisor supervisor, EventLog eventLog, ClientLimits clientLimits) {
        this.supervisor = supervisor;
        this.eventLog = eventLog;
        longestWait = clientLimits.longestWait();
    }

    /** The first reply comes at once, so that the client knows the number that it begins at. */
    CallReply first(Call call) {
        if (!call.more()) {
            return CallReply.TextReply.error(ErrorName.EXPECTED_MORE);
        }
        Optional<CallReply> problem =
                NameLookup.problem(call.names()).or(() -> missing(call, supervisor.snapshot()));
        return problem.isPresent()
                ? problem.get()
                : reply(new NameFilter(call.names()), call.since().orElse(eventLog.last()), true)
                        .answer();
    }

    /** Whether it names what there must be now; who goes on may ask for what was deleted since. */
    static boolean needsProcesses(Call call) {
        return call.since().isEmpty() && call.names().stream().anyMatch(WatchCalls::isName);
    }

    /** A glob may mean what is yet to come, but a name that nothing has is most likely a typo. */
    private static Optional<CallReply> missing(Call call, Snapshot snapshot) {
        if (!needsProcesses(call)) {
            return Optional.empty();
        }
        Set<String> there = new HashSet<>();
        snapshot.monitors().forEach(monitor -> there.add(monitor.name()));
        snapshot.processes().forEach(process -> there.addAll(NameLookup.of(process)));
        return call.names().stream()
                .filter(name -> isName(name) && !there.contains(name))
                .findFirst()
                .map(name -> CallReply.TextReply.error(ErrorName.NO_SUCH_PROCESS, "name", name));
    }

    private static boolean isName(String name) {
        return NamePattern.of(name).isName();
    }

    /** A further reply; what has happened just now is in it, if it is the last. */
    CallReply next(Call call, long since, OutputFollower outputFollower)
            throws InterruptedException {
        NameFilter filter = outputFollower.filter(call.names());
        long from = since;
        while (true) {
            long seen = from;
            boolean goesOn = outputFollower.await(() -> eventLog.await(seen, longestWait));
            if (!goesOn) {
                return reply(filter, from, false).answer();
            }
            long end = eventLog.end(from);
            if (end > from && call.names().isEmpty()) {
                return shared(filter, from, Math.min(end, endOfBlock(from)));
            }
            EventReply reply = reply(filter, from, true);
            if (reply.tellsSomething()) {
                return reply.answer();
            }
            from = reply.last();
        }
    }

    /**
     * Up to which number one is told that has read up to another: all who lag behind are told the
     * same blocks then, wherever they were when the rest was told.
     */
    private static long endOfBlock(long since) {
        return since + MOST - (since + 1) % MOST;
    }

    /** The first who asks makes it; the others wait for him, as that is sooner done. */
    private synchronized CallReply shared(NameFilter all, long since, long end) {
        for (Shared made : shared) {
            if (made.since() == since && made.end() == end) {
                return made.reply();
            }
        }
        EventLog.Part part = eventLog.after(since, (int) (end - since), PART);
        Shared made =
                new Shared(since, end, EventReply.of(part, all, LONGEST_SHARED, true).answer());
        if (shared.size() == MOST_SHARED) {
            shared.removeFirst();
        }
        shared.addLast(made);
        return made.reply();
    }

    private EventReply reply(NameFilter filter, long since, boolean continues) {
        EventLog.Part part = eventLog.after(since, MOST, PART);
        return EventReply.of(part, filter, LONGEST_OF_SOME, continues);
    }
}
