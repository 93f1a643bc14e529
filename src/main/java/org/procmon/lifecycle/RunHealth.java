package org.procmon.lifecycle;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the present run reports about itself, and its probe results. None of it is kept after the
 * run or the monitor exits.
 *
 * @param condition what it reports to be doing
 * @param status its own words, from {@code STATUS=} of sd_notify(3); empty if it sent none
 * @param mainPid the pid that it reports as its main process
 * @param health its probe results
 * @param ignored the first message in this run that was not trusted, in words
 * @param survivors the processes that it left outside of its group and that were killed, in words;
 *     empty if none
 */
public record RunHealth(
        Condition condition,
        Optional<String> status,
        OptionalInt mainPid,
        Health health,
        Optional<String> ignored,
        Optional<String> survivors) {
    /** Of a run that has just started, and where there is none. */
    public static final RunHealth NONE =
            new RunHealth(
                    Condition.NORMAL,
                    Optional.empty(),
                    OptionalInt.empty(),
                    Health.UNKNOWN,
                    Optional.empty(),
                    Optional.empty());

    /** What a run reports to be doing. */
    public enum Condition {
        NORMAL,
        /** It is reloading its configuration. */
        RELOADING,
        /** It is about to exit by itself. */
        LEAVING
    }

    /**
     * The probe results of a run.
     *
     * @param known whether it was probed yet
     * @param failures how many of the latest probes in a row failed
     * @param complaint what the last probe found wrong; empty if it succeeded. Before it is ready:
     *     what keeps it from being ready. If it could not be probed: the reason
     */
    public record Health(boolean known, int failures, String complaint) {
        public static final Health UNKNOWN = new Health(false, 0, "");

        Health notAsked(String reason) {
            return new Health(known, failures, "cannot be probed: " + reason);
        }

        /** Whether its present health is unknown although it was to be probed. */
        public boolean isDoubtful() {
            return failures == 0 && !complaint.isEmpty();
        }

        /** Whether the latest probe succeeded. */
        public boolean isGood() {
            return known && failures == 0;
        }

        /** Counts up to {@code most} only, so that a lasting failure is not a change. */
        Health after(Optional<String> found, int most) {
            return found.isEmpty()
                    ? new Health(true, 0, "")
                    : new Health(true, Math.min(failures + 1, most), found.get());
        }
    }

    RunHealth in(Condition next) {
        return new RunHealth(next, status, mainPid, health, ignored, survivors);
    }

    RunHealth saying(String words) {
        Optional<String> status = words.isEmpty() ? Optional.empty() : Optional.of(words);
        return new RunHealth(condition, status, mainPid, health, ignored, survivors);
    }

    RunHealth ledBy(int pid) {
        return new RunHealth(condition, status, OptionalInt.of(pid), health, ignored, survivors);
    }

    RunHealth looking(Health next) {
        return new RunHealth(condition, status, mainPid, next, ignored, survivors);
    }

    RunHealth ignoring(String message) {
        return ignored.isPresent()
                ? this
                : new RunHealth(
                        condition, status, mainPid, health, Optional.of(message), survivors);
    }

    RunHealth outlivedBy(String names) {
        return new RunHealth(condition, status, mainPid, health, ignored, Optional.of(names));
    }
}
