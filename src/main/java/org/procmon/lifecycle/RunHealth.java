package org.procmon.lifecycle;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the present run says of itself, and what looking at it has shown. Nothing of it outlives the
 * run, nor the monitor.
 *
 * @param mood what it says that it is busy with
 * @param status its own words, from {@code STATUS=} of sd_notify(3); empty if it has told none
 * @param mainPid which of its processes it says is the main one
 * @param health what looking at it has shown
 * @param ignored a message that was not believed, in words; the first of this run
 * @param survivors what it has left outside of its group and was killed there, in words; empty if
 *     nothing
 */
public record RunHealth(
        Condition mood,
        Optional<String> status,
        OptionalInt mainPid,
        Health health,
        Optional<String> ignored,
        Optional<String> survivors) {
    /** Of a run that has just begun, and where there is none. */
    public static final RunHealth NONE =
            new RunHealth(
                    Condition.AT_WORK,
                    Optional.empty(),
                    OptionalInt.empty(),
                    Health.UNKNOWN,
                    Optional.empty(),
                    Optional.empty());

    /** What a run says that it does. */
    public enum Condition {
        AT_WORK,
        /** It reads its configuration anew. */
        RELOADING,
        /** It is about to end by itself. */
        LEAVING
    }

    /**
     * What looking at a run has shown.
     *
     * @param known whether it was looked at yet
     * @param failures how many of the latest looks in a row were bad
     * @param complaint what was wrong the last time; empty if all was well. Before it is ready:
     *     what keeps it from being so. Why it could not be asked, if that was so last
     */
    public record Health(boolean known, int failures, String complaint) {
        public static final Health UNKNOWN = new Health(false, 0, "");

        Health notAsked(String reason) {
            return new Health(known, failures, "could not be asked: " + reason);
        }

        /** Whether nobody knows how it is now, though it was to be asked. */
        public boolean isDoubtful() {
            return failures == 0 && !complaint.isEmpty();
        }

        /** Whether the latest look was good. */
        public boolean isGood() {
            return known && failures == 0;
        }

        /** Counts no further than to {@code most}, so that what goes on is no news. */
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
        Optional<String> told = words.isEmpty() ? Optional.empty() : Optional.of(words);
        return new RunHealth(mood, told, mainPid, health, ignored, survivors);
    }

    RunHealth ledBy(int pid) {
        return new RunHealth(mood, status, OptionalInt.of(pid), health, ignored, survivors);
    }

    RunHealth looking(Health next) {
        return new RunHealth(mood, status, mainPid, next, ignored, survivors);
    }

    RunHealth ignoring(String message) {
        return ignored.isPresent()
                ? this
                : new RunHealth(mood, status, mainPid, health, Optional.of(message), survivors);
    }

    RunHealth outlivedBy(String names) {
        return new RunHealth(mood, status, mainPid, health, ignored, Optional.of(names));
    }
}
