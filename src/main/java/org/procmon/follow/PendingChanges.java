package org.procmon.follow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.procmon.lifecycle.Ticks;

/**
 * What has changed in a followed folder, and when to read it: once nothing has changed for a while,
 * and no changed file is open for writing. A stream of changes does not postpone it for ever; files
 * that are still written then are read later. One thread.
 */
final class PendingChanges {
    /** How many times {@code quiet} a stream of changes may postpone the reading. */
    private static final int MOST_PERIODS = 10;

    private static final Duration LEAST_LIMIT = Duration.ofSeconds(5);

    /**
     * The end of a writer is an event, unless it uses another name of the file. For that, written
     * files are checked ever more rarely, up to this.
     */
    private static final Duration LONGEST_RECHECK = Duration.ofMinutes(1);

    /** Of further files it is not checked whether they are written. */
    static final int MOST_FILES = 16_384;

    private final Duration quiet;
    private final Predicate<Path> isWritten;
    private Set<Path> changed = new HashSet<>();
    private Set<Path> written = new HashSet<>();
    private boolean hasOther;
    private Optional<Ticks> limit = Optional.empty();
    private Optional<Ticks> due = Optional.empty();
    private Duration recheck;

    /**
     * @param isWritten whether a file is open for writing now
     */
    PendingChanges(Duration quiet, Predicate<Path> isWritten) {
        this.quiet = quiet;
        this.isWritten = isWritten;
        this.recheck = quiet;
    }

    /** When to call {@link #isReady}, unless something changes before. */
    Optional<Ticks> due() {
        return due;
    }

    /** Whether nothing more has to be found out about a file. */
    boolean has(Path file) {
        return changed.contains(file) || written.contains(file);
    }

    /**
     * A file has changed.
     *
     * @param isWrite whether its writer still has it open, as far as the change tells
     */
    void add(Path file, boolean isWrite, Ticks now) {
        if (isWrite && written.contains(file)) {
            return;
        }
        written.remove(file);
        if (changed.size() < MOST_FILES) {
            changed.add(file);
        } else {
            hasOther = true;
        }
        changedAt(now);
    }

    /** Something else has changed. */
    void addOther(Ticks now) {
        hasOther = true;
        changedAt(now);
    }

    private void changedAt(Ticks now) {
        recheck = quiet;
        Ticks latest = limit.orElseGet(() -> now.plus(longest()));
        limit = Optional.of(latest);
        due = Optional.of(Ticks.earlier(now.plus(quiet), latest));
    }

    private Duration longest() {
        Duration periods = quiet.multipliedBy(MOST_PERIODS);
        return periods.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : periods;
    }

    /** At the time that is due: whether to read the changes now, which are forgotten then. */
    boolean isReady(Ticks now) {
        due = Optional.empty();
        changed.addAll(written);
        written = new HashSet<>();
        changed.removeIf(file -> isWritten.test(file) && written.add(file));
        boolean isSettled = hasOther || !changed.isEmpty();
        boolean isReady =
                isSettled && (written.isEmpty() || limit.filter(now::hasReached).isPresent());
        if (isReady || !isSettled) {
            changed = new HashSet<>();
            hasOther = false;
            limit = Optional.empty();
        }
        if (!written.isEmpty()) {
            Ticks next = now.plus(recheck);
            due = Optional.of(limit.map(latest -> Ticks.earlier(next, latest)).orElse(next));
            Duration twice = recheck.multipliedBy(2);
            recheck = twice.compareTo(LONGEST_RECHECK) < 0 ? twice : LONGEST_RECHECK;
        }
        return isReady;
    }
}
