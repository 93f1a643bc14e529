import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Children that sleep, told from all others by an argument of their own. Counting them does not
 * disturb their start: until the system has as many more threads as the children need, only
 * /proc/loadavg is read, ten times a second; then the command lines of all that are not known to be
 * up.
 */
final class Sleepers {
    private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();

    /**
     * Then they are counted anyway: other threads may have ended, and the system never have that
     * many more.
     */
    private static final long RECOUNT_NANOS = Duration.ofMillis(500).toNanos();

    private static final int PAUSE_MILLIS = 100;

    private final int count;
    private final String command;

    Sleepers(int count) {
        this.count = count;
        // A number of seconds that nobody else sleeps.
        this.command =
                "sleep "
                        + (1_000_000_000L
                                + ProcessHandle.current().pid() * 1000
                                + System.nanoTime() % 1000);
    }

    Map<String, String> children() {
        return Bench.children(count, i -> command);
    }

    /** Waits until all of them have executed their program; their folders under /proc. */
    Set<Path> awaitAll(Supervision supervision, long threadsBefore) throws InterruptedException {
        Set<Path> present = new HashSet<>();
        long enough = threadsBefore + (long) count * supervision.peer().processesPerChild;
        long recount = supervision.running().startedNanos() + RECOUNT_NANOS;
        while (present.size() < count) {
            long now = System.nanoTime();
            if (Proc.threadsOfSystem() < enough && now < recount) {
                Thread.sleep(PAUSE_MILLIS);
                continue;
            }
            recount = now + RECOUNT_NANOS;
            addTo(present);
            if (now - supervision.running().startedNanos() > LONGEST_NANOS) {
                throw new IllegalStateException(
                        "%s has started %d of %d children in two minutes"
                                .formatted(supervision.peer().title(), present.size(), count));
            }
        }
        return present;
    }

    /** Those that run now. */
    Set<Path> present() {
        Set<Path> present = new HashSet<>();
        addTo(present);
        return present;
    }

    /**
     * Waits until as many as there should be run, and none that ran before; returns when that was
     * seen, by {@link System#nanoTime}.
     */
    long awaitOthers(Set<Path> before) {
        long begin = System.nanoTime();
        while (true) {
            Set<Path> present = present();
            long now = System.nanoTime();
            if (present.size() == count && Collections.disjoint(present, before)) {
                return now;
            }
            if (now - begin > LONGEST_NANOS) {
                throw new IllegalStateException("not all have been restarted in two minutes");
            }
        }
    }

    private void addTo(Set<Path> present) {
        for (Path process : Proc.processes()) {
            if (!present.contains(process) && Proc.commandLine(process).equals(command)) {
                present.add(process);
            }
        }
    }
}
