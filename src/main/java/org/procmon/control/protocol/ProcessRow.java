package org.procmon.control.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process with all fields, as {@code List} and {@code Status} report it.
 *
 * @param name its name
 * @param state one of the eight states in lower case, see {@code Phase}
 * @param goal its goal: {@code up}, {@code down} or {@code forgotten}
 * @param pid the pid of its latest run, alive or not; 0 before the first
 * @param runcount how many runs were started
 * @param restarts how many of them followed another
 * @param since when the state began: a date and time of RFC 3339 in UTC. It moves with the wall
 *     clock; {@code ageMs} does not
 * @param ageMs the time in this state, in milliseconds of the monotonic clock
 * @param uptimeMs the age of the present run, in milliseconds; empty when none is alive
 * @param exec its command line as configured
 * @param cause why it is in this state, in words
 * @param lastExit how its latest finished run exited
 * @param next what will happen by itself
 * @param depends the names that it depends on
 * @param output its lost output; empty when none was lost
 * @param hook what is wrong with one of its hooks, in words; empty when nothing is
 * @param unkept why its state would be lost with this monitor, in words; empty if it would not
 * @param orphan whether it runs although it is no longer in the configuration
 * @param signs its own reports, and the results of its probes
 * @param history of a process with a schedule, its latest runs
 * @param instance its group and number, if it is one of several
 * @param usage the resources that its present run uses; empty when none is alive, and when not
 *     requested
 */
public record ProcessRow(
        String name,
        String state,
        String goal,
        int pid,
        long runcount,
        long restarts,
        String since,
        long ageMs,
        OptionalLong uptimeMs,
        String exec,
        String cause,
        Optional<LastExit> lastExit,
        Optional<Next> next,
        List<String> depends,
        Optional<OutputLoss> output,
        Optional<String> hook,
        Optional<String> unkept,
        boolean orphan,
        Signs signs,
        History history,
        Optional<Instance> instance,
        Optional<Usage> usage) {

    public ProcessRow {
        depends = List.copyOf(depends);
    }

    /** For a process without readiness, health, or reports of its own. */
    public ProcessRow(
            String name,
            String state,
            String goal,
            int pid,
            long runcount,
            long restarts,
            String since,
            long ageMs,
            OptionalLong uptimeMs,
            String exec,
            String cause,
            Optional<LastExit> lastExit,
            Optional<Next> next,
            List<String> depends,
            Optional<OutputLoss> output,
            boolean orphan) {
        this(
                name,
                state,
                goal,
                pid,
                runcount,
                restarts,
                since,
                ageMs,
                uptimeMs,
                exec,
                cause,
                lastExit,
                next,
                depends,
                output,
                Optional.empty(),
                Optional.empty(),
                orphan,
                Signs.NONE,
                History.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /** The same, with the usage of its present run. */
    public ProcessRow using(Usage present) {
        return new ProcessRow(
                name,
                state,
                goal,
                pid,
                runcount,
                restarts,
                since,
                ageMs,
                uptimeMs,
                exec,
                cause,
                lastExit,
                next,
                depends,
                output,
                hook,
                unkept,
                orphan,
                signs,
                history,
                instance,
                Optional.of(present));
    }

    /**
     * A warning for a user who has just changed it: the next monitor may not know the change. A
     * sentence without its full stop; empty if it will.
     */
    public Optional<String> warning() {
        String now = goal.equals("forgotten") ? "deleted" : state;
        return unkept.map(
                why -> "the next monitor may not know that " + name + " is " + now + ": " + why);
    }

    /** Whether a run is alive, or at least its process group: upstream's {@code running}. */
    public boolean isAlive() {
        return switch (state) {
            case "starting", "running", "stopping" -> true;
            default -> false;
        };
    }

    /**
     * How a run exited.
     *
     * <p>Without code and signal it is unknown: the run exited while no monitor could see it.
     *
     * @param code its exit code; empty when a signal killed it
     * @param signal the signal's name without {@code SIG}, or its number if it has none
     * @param at when: a date and time of RFC 3339 in UTC
     * @param runMs how long it ran, in milliseconds
     * @param userMs processor time in user mode, in milliseconds
     * @param systemMs processor time in the kernel, in milliseconds
     * @param maxRss the largest resident set, in bytes; for a run that exited by itself 0 unless it
     *     was larger than the monitor, since the kernel reports no more
     */
    public record LastExit(
            OptionalInt code,
            Optional<String> signal,
            String at,
            long runMs,
            long userMs,
            long systemMs,
            long maxRss) {}

    /**
     * The latest runs of a process with a schedule.
     *
     * @param runs how they exited, the oldest first
     * @param skipped how many starts were skipped because the last run was still alive
     */
    public record History(List<LastExit> runs, long skipped) {
        public static final History NONE = new History(List.of(), 0);

        public History {
            runs = List.copyOf(runs);
        }

        boolean isEmpty() {
            return runs.isEmpty() && skipped == 0;
        }
    }

    /**
     * The place of a process in a group of instances.
     *
     * @param group the id of the group's entry in the configuration
     * @param number from 1
     */
    public record Instance(String group, int number) {}

    /**
     * The resources that a run uses, with all processes of its session. Source: proc(5).
     *
     * @param cpuPercent its processor time divided by its age, as in ps(1): 100 is one processor
     *     for its whole life; in hundredths
     * @param rss its resident memory, in bytes; memory that its processes share counts for each
     */
    public record Usage(double cpuPercent, long rss) {}

    /**
     * Something that will happen by itself.
     *
     * @param what in a word or two
     * @param at when: a date and time of RFC 3339 in UTC
     * @param inMs in how many milliseconds of the monotonic clock
     */
    public record Next(String what, String at, long inMs) {}

    /**
     * Output that could not be kept.
     *
     * @param lostBytes how much, in bytes
     * @param reason in words: {@code cannot write web.log: No space left on device}
     * @param failing whether output is still being lost
     */
    public record OutputLoss(long lostBytes, String reason, boolean failing) {}

    /**
     * What a run reports of itself, and the results of its probes.
     *
     * @param ready whether it is ready; empty if unknown, as without the key {@code ready}
     * @param health one word, such as "unhealthy" or "unknown"; empty without the key {@code
     *     health}
     * @param complaint the failure of the latest probe
     * @param status its own status text
     * @param mainPid the pid of its main process, as it reports
     * @param ignored why a message in its name was rejected, in words
     */
    public record Signs(
            Optional<Boolean> ready,
            Optional<String> health,
            Optional<String> complaint,
            Optional<String> status,
            OptionalInt mainPid,
            Optional<String> ignored) {
        public static final Signs NONE =
                new Signs(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty());
    }
}
