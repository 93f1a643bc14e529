package org.procmon.status.fields;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process with all fields, as {@code List} and {@code Status} report it. What each value means is
 * in {@link ProcessFields}.
 *
 * @param lastExit how its latest finished run exited
 * @param next what will happen by itself
 * @param output its lost output; empty when none was lost
 * @param signs its own reports, and the results of its probes
 * @param history of a process with a schedule, its latest runs
 * @param usage the resources that its present run uses; empty when none is alive, and when not
 *     requested
 */
public record ProcessRow(
        Identity identity,
        Condition condition,
        Run run,
        Optional<LastExit> lastExit,
        Optional<NextChange> next,
        Optional<LostOutput> output,
        Warnings warnings,
        Signs signs,
        History history,
        Optional<Usage> usage) {
    /** A process that has never finished a run, and of which there is nothing else to report. */
    public ProcessRow(Identity identity, Condition condition, Run run) {
        this(
                identity,
                condition,
                run,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Warnings.NONE,
                Signs.NONE,
                History.NONE,
                Optional.empty());
    }

    /**
     * What it is, as configured.
     *
     * @param exec its command line
     * @param depends the names that it depends on
     * @param orphan whether it runs although it is no longer in the configuration
     * @param instance its group and number, if it is one of several
     */
    public record Identity(
            String name,
            String exec,
            List<String> depends,
            boolean orphan,
            Optional<Instance> instance) {
        public Identity {
            depends = List.copyOf(depends);
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
     * The state that it is in.
     *
     * @param since when it began, by the wall clock
     * @param ageMs how long ago that was, by the monotonic clock
     */
    public record Condition(String state, String goal, String since, long ageMs, String cause) {}

    /**
     * Its latest run, alive or not.
     *
     * @param pid 0 before the first
     * @param count how many runs were started
     * @param restarts how many of them followed another
     * @param uptimeMs the age of the run; empty when it is not alive
     */
    public record Run(int pid, long count, long restarts, OptionalLong uptimeMs) {}

    /**
     * What a user has to know.
     *
     * @param hook what is wrong with one of its hooks, in words; empty when nothing is
     * @param unkept why its state would be lost with this monitor, in words; empty if it would not
     */
    public record Warnings(Optional<String> hook, Optional<String> unkept) {
        public static final Warnings NONE = new Warnings(Optional.empty(), Optional.empty());
    }

    /**
     * What a run reports of itself, and the results of its probes.
     *
     * @param ready empty if unknown, as without the key {@code ready}
     * @param health empty without the key {@code health}
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
     * The resources that a run uses, with all processes of its session. Source: proc(5).
     *
     * @param cpuPercent in hundredths
     * @param rss in bytes
     */
    public record Usage(double cpuPercent, long rss) {}

    public String name() {
        return identity.name();
    }

    /** Its command line as configured. */
    public String exec() {
        return identity.exec();
    }

    /** One of the eight states in lower case, see {@code Phase}. */
    public String state() {
        return condition.state();
    }

    /** {@code up}, {@code down} or {@code forgotten}. */
    public String goal() {
        return condition.goal();
    }

    /** The time in its state, in milliseconds. */
    public long ageMs() {
        return condition.ageMs();
    }

    /** Why it is in its state, in words. */
    public String cause() {
        return condition.cause();
    }

    /** The pid of its latest run, alive or not; 0 before the first. */
    public int pid() {
        return run.pid();
    }

    /** How many runs were started. */
    public long runcount() {
        return run.count();
    }

    /** The same, with the usage of its present run. */
    public ProcessRow using(Usage present) {
        return new ProcessRow(
                identity,
                condition,
                run,
                lastExit,
                next,
                output,
                warnings,
                signs,
                history,
                Optional.of(present));
    }

    /**
     * A warning for a user who has just changed it: the next monitor may not know the change. A
     * sentence without its full stop; empty if it will.
     */
    public Optional<String> warning() {
        String now = goal().equals("forgotten") ? "deleted" : state();
        return warnings.unkept()
                .map(why ->
                        "the next monitor may not know that " + name() + " is " + now + ": " + why);
    }

    /** Whether a run is alive, or at least its process group: upstream's {@code running}. */
    public boolean isAlive() {
        return switch (state()) {
            case "starting", "running", "stopping" -> true;
            default -> false;
        };
    }
}
