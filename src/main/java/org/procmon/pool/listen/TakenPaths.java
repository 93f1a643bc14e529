package org.procmon.pool.listen;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The paths of listeners where clients find another program, and since when. Any thread. */
final class TakenPaths {
    private record Taken(ListenerFile.Finding finding, Instant since) {}

    private final Clock clock = Clock.systemUTC();
    private final Map<String, Taken> taken = new HashMap<>();

    /** Takes note of what is at a path; whether that is news for users. */
    synchronized boolean found(String path, ListenerFile.Finding finding) {
        if (finding != ListenerFile.Finding.TAKEN && finding != ListenerFile.Finding.BLOCKED) {
            taken.remove(path);
            return false;
        }
        Taken before = taken.get(path);
        if (before != null && before.finding() == finding) {
            return false;
        }
        taken.put(path, new Taken(finding, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        return true;
    }

    synchronized boolean has(String path) {
        return taken.containsKey(path);
    }

    synchronized void keepOnly(Set<String> paths) {
        taken.keySet().retainAll(paths);
    }

    /** In words; empty if clients find the listener. */
    synchronized Optional<String> words(String path) {
        return Optional.ofNullable(taken.get(path))
                .map(one ->
                        one.finding() == ListenerFile.Finding.TAKEN
                                ? "another program listens at %s since %s; web servers reach that program, not this pool"
                                        .formatted(path, one.since())
                                : "a file that is no socket is at %s since %s; web servers do not reach this pool"
                                        .formatted(path, one.since()));
    }
}
