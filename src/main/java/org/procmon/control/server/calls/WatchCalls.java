package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.NamePattern;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.EventReply;
import org.procmon.control.server.replies.NameFilter;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.events.EventLog;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Supervisor;

/**
 * Answers {@code Watch}. Runs on the threads of the connections; keeps the latest replies, and no
 * state of any connection. Clients that watch everything get the same replies, so these are encoded
 * once.
 */
final class WatchCalls {
    /** The most events in a reply. */
    static final int MOST = 200;

    /**
     * The size limit of a reply for clients that watch everything, in bytes: a reply to a client
     * that does not read stays in memory until that client is dropped.
     */
    private static final int LONGEST_SHARED = 64 << 10;

    /** The same for a client that watches some processes, whose replies are not shared. */
    private static final int LONGEST_OF_SOME = 32 << 10;

    /** How much is decoded for a reply at a time, in stored bytes. */
    private static final int PART = 32 << 10;

    /**
     * How many replies are kept for sharing, of about 60 KB each in a burst. Several are needed for
     * the events since all clients were woken, and clients up to a second behind need older ones
     * than the rest. If too few are kept, each is encoded again and again, and all clients fall
     * behind.
     */
    private static final int MOST_SHARED = 16;

    private final Supervisor supervisor;
    private final EventLog eventLog;
    private final Duration longestWait;

    /** The latest replies, the oldest first; guarded by this. */
    private final ArrayDeque<Shared> shared = new ArrayDeque<>(MOST_SHARED);

    /** A reply for all clients that watch everything and have read between the same numbers. */
    private record Shared(long since, long end, CallReply.Encoded reply) {}

    WatchCalls(Supervisor supervisor, EventLog eventLog, ClientLimits clientLimits) {
        this.supervisor = supervisor;
        this.eventLog = eventLog;
        longestWait = clientLimits.longestWait();
    }

    /** The first reply comes at once, so that the client knows its starting number. */
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

    /** Whether its names must exist now; a client that resumes may name processes deleted since. */
    static boolean needsProcesses(Call call) {
        return call.since().isEmpty() && call.names().stream().anyMatch(WatchCalls::isName);
    }

    /** A glob may match later processes, but a name without a process is most likely a typo. */
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
                .map(CallErrors::noSuchProcess);
    }

    private static boolean isName(String name) {
        return NamePattern.of(name).isName();
    }

    /** A further reply; if it is the last, it contains events up to now. */
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
     * The number at which the reply to a client at another number ends: clients that lag behind
     * then get the same blocks, wherever they had read to.
     */
    private static long endOfBlock(long since) {
        return since + MOST - (since + 1) % MOST;
    }

    /** The first client to need the reply encodes it; the others wait for that, which is faster. */
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
