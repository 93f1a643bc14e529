package org.procmon.control.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.chronicle.Chronicle;
import org.procmon.chronicle.Noted;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.spec.NamePattern;

/**
 * Answers {@code Watch}. Runs on the threads of the connections; keeps what it has encoded, and
 * nothing of any connection. Those who watch all are told the same, so their replies are made once.
 */
final class WatchCalls {
    /** How many events a reply tells at most. */
    static final int MOST = 200;

    /**
     * How many replies are kept for others, of some 50 KB each in a burst. It takes several to tell
     * what has come since all were woken, and who falls behind, by up to a second, wants older ones
     * than who does not. With too few, each is made again and again, and all fall behind.
     */
    private static final int MOST_SHARED = 16;

    private final Chronicle chronicle;
    private final Duration longestWait;
    private @Nullable EncodedEvents encoded;

    /** The latest, the oldest first; guarded by this. */
    private final ArrayDeque<Shared> shared = new ArrayDeque<>(MOST_SHARED);

    /** A reply to all who watch everything and have read between the same numbers. */
    private record Shared(long since, long end, Answer.Encoded reply) {}

    WatchCalls(Chronicle chronicle, Limits limits) {
        this.chronicle = chronicle;
        longestWait = limits.longestWait();
    }

    /** The first reply comes at once, so that the client knows the number that it begins at. */
    Answer first(Call call) {
        if (!call.more()) {
            return Answer.Texts.error(ErrorName.EXPECTED_MORE);
        }
        Optional<Answer> problem = Names.problem(call.names());
        return problem.isPresent()
                ? problem.get()
                : happenings(call, call.since().orElse(chronicle.last()));
    }

    /** A further reply; what has happened just now is in it, if it is the last. */
    Answer next(Call call, long since, Follower follower) throws InterruptedException {
        long from = since;
        while (true) {
            long seen = from;
            boolean goesOn = follower.await(() -> chronicle.await(seen, longestWait));
            if (!goesOn) {
                return happenings(call, from).asLast();
            }
            long end = chronicle.end(from);
            if (end > from && call.names().isEmpty()) {
                return shared(call, from, Math.min(end, endOfBlock(from)));
            }
            Answer.Happenings answer = happenings(call, from);
            if (answer.tellsSomething()) {
                return answer;
            }
            from = answer.last();
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
    private synchronized Answer shared(Call call, long since, long end) {
        for (Shared made : shared) {
            if (made.since() == since && made.end() == end) {
                return made.reply();
            }
        }
        int most = (int) (end - since);
        Shared made = new Shared(since, end, Answer.Encoded.of(happenings(call, since, most)));
        if (shared.size() == MOST_SHARED) {
            shared.removeFirst();
        }
        shared.addLast(made);
        return made.reply();
    }

    private Answer.Happenings happenings(Call call, long since) {
        return happenings(call, since, MOST);
    }

    private Answer.Happenings happenings(Call call, long since, int most) {
        Chronicle.Part part = chronicle.after(since, most);
        List<NamePattern> patterns = call.names().stream().map(NamePattern::of).toList();
        EncodedEvents texts = encoded();
        return new Answer.Happenings(
                part.happenings().stream()
                        .filter(noted -> patterns.isEmpty() || isMeant(noted, patterns))
                        .map(texts::json)
                        .toList(),
                part.last(),
                part.missed(),
                true);
    }

    /** Made for the first who watches. */
    private synchronized EncodedEvents encoded() {
        EncodedEvents made = encoded;
        if (made == null) {
            made = new EncodedEvents();
            encoded = made;
        }
        return made;
    }

    private static boolean isMeant(Noted noted, List<NamePattern> patterns) {
        for (String name : noted.what().names()) {
            for (NamePattern pattern : patterns) {
                if (pattern.matches(name)) {
                    return true;
                }
            }
        }
        return false;
    }
}
