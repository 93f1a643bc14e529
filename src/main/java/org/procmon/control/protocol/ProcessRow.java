package org.procmon.control.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process in its rich form, as {@code List} and {@code Status} tell it.
 *
 * @param name its name
 * @param state one of the eight states in lower case, see {@code Phase}
 * @param goal what is wanted: {@code up}, {@code down} or {@code forgotten}
 * @param pid the pid of its latest run, alive or not; 0 before the first
 * @param runcount how many runs were started
 * @param restarts how many of them followed another
 * @param since when the state began: a date and time of RFC 3339 in UTC. It moves with the wall
 *     clock; {@code ageMs} does not
 * @param ageMs how long the state lasts, in milliseconds of the monotonic clock
 * @param uptimeMs how long the present run lasts, in milliseconds; empty when none is alive
 * @param exec its command line as the configuration has it
 * @param cause why it is in this state, in words
 * @param lastExit how its latest run to end did so
 * @param next what will happen by itself
 * @param depends the names that it depends on
 * @param output what of its output was lost; empty when nothing was
 * @param hook what is wrong with a hook of it, in words; empty when nothing is
 * @param unkept why the next monitor would not know how it is, in words; empty if it would
 * @param orphan whether it runs although it is no longer in the configuration
 * @param signs what it says of itself and what looking at it shows
 * @param history of a process with a schedule, its latest runs
 * @param instance which one it is of several
 * @param usage what its present run uses; empty when none is alive, and when nobody asked
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

    /** Of which nothing is asked and which says nothing. */
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

    /** The same, with what its present run uses. */
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
     * What someone who has just changed it should know: that the next monitor may not go on from
     * there. A sentence without its full stop; empty if it will.
     */
    public Optional<String> warning() {
        String now = goal.equals("forgotten") ? "deleted" : state;
        return unkept.map(
                why -> "the next monitor may not know that " + name + " is " + now + ": " + why);
    }

    /** Whether a run is alive, or at least its process group: what upstream calls running. */
    public boolean isAlive() {
        return switch (state) {
            case "starting", "running", "stopping" -> true;
            default -> false;
        };
    }

    /**
     * How a run ended.
     *
     * <p>Without code and signal, nobody knows: it ended while no monitor could see it.
     *
     * @param code its exit code; empty when a signal ended it
     * @param signal the signal's name without {@code SIG}, or its number if it has none
     * @param at when: a date and time of RFC 3339 in UTC
     * @param runMs how long it ran, in milliseconds
     * @param userMs processor time in user mode, in milliseconds
     * @param systemMs processor time in the kernel, in milliseconds
     * @param maxRss the largest resident set, in bytes; of what has ended by itself 0 unless it was
     *     larger than the monitor, since the kernel tells no more
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
     * @param runs how they ended, the oldest first
     * @param skipped how many starts were left out, since the last run was still going
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
     * Which process it is of those that one entry of the configuration stands for.
     *
     * @param group the entry's id
     * @param number from 1
     */
    public record Instance(String group, int number) {}

    /**
     * What a run uses, with all processes of its session. Source: proc(5).
     *
     * @param cpuPercent its processor time divided by its age, as ps(1) has it: 100 is one
     *     processor for all its life; in hundredths
     * @param rss how much of it is in memory, in bytes; what its processes share counts for each
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
     * @param failing whether it still cannot be kept
     */
    public record OutputLoss(long lostBytes, String reason, boolean failing) {}

    /**
     * What a run says of itself and what looking at it shows.
     *
     * @param ready whether it is ready; empty if nothing would tell, as without the key {@code
     *     ready}
     * @param health one word, such as "unhealthy" or "unknown"; empty without the key {@code
     *     health}
     * @param complaint what was wrong when it was last looked at
     * @param status its own words
     * @param mainPid the process that it says is its main one
     * @param ignored a message in its name that was not believed, in words
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
