package org.procmon.supervise.port;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.config.FollowedFolder;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.reload.plan.ChangePlan;

/**
 * Replaces the monitor's configuration, one change at a time. Any thread; no method waits for
 * another call, or for the loop. The caller sets the timeout, and cancels the future to give up: a
 * request still queued then is never run.
 */
public interface Reloader {
    /** No configuration can be read. */
    Reloader NONE =
            new Reloader() {
                private static final Outcome NOTHING =
                        new Outcome.Failed("", "this monitor follows no file");

                @Override
                public CompletableFuture<Outcome> reload(boolean dry) {
                    return CompletableFuture.completedFuture(NOTHING);
                }

                @Override
                public CompletableFuture<Outcome> follow() {
                    return CompletableFuture.completedFuture(NOTHING);
                }

                @Override
                public List<String> check() {
                    return List.of();
                }

                @Override
                public CompletableFuture<Outcome> scale(String name, int instances) {
                    return CompletableFuture.completedFuture(NOTHING);
                }
            };

    /**
     * Reads the files again and applies the changes; all of them or, if there is any problem, none.
     *
     * @param dry whether only to report what would be done
     */
    CompletableFuture<Outcome> reload(boolean dry);

    /**
     * Reads again only what is followed, and applies the changes; all of them or, if there is any
     * problem, none. Does not bring back what operators have deleted.
     */
    CompletableFuture<Outcome> follow();

    /** Reads the files again, and reports their problems; changes nothing. */
    List<String> check();

    /** What is in followed folders and is not used, with the reasons. */
    default List<UnusedEntry> unused() {
        return List.of();
    }

    /** The folders whose changes are applied without a command. */
    default List<FollowedFolder> followed() {
        return List.of();
    }

    /** Changes the number of instances of a process, until the files change it. */
    CompletableFuture<Outcome> scale(String name, int instances);

    /** The result. */
    sealed interface Outcome {
        /**
         * It is done, or would be.
         *
         * @param atOnce keys of the monitor itself that take effect now
         * @param later keys of the monitor itself that take effect only in a new monitor
         */
        record Planned(ChangePlan plan, List<String> atOnce, List<String> later)
                implements Outcome {
            public Planned {
                atOnce = List.copyOf(atOnce);
                later = List.copyOf(later);
            }
        }

        /** Nothing was done: the files have problems, which are listed. */
        record Invalid(List<String> problems) implements Outcome {}

        /** Nothing was done, for another reason. */
        record Failed(String name, String reason) implements Outcome {}

        record NoSuchProcess(String name) implements Outcome {}

        record ShuttingDown() implements Outcome {}

        /** Nothing was done: this many other requests are queued. */
        record Busy(int waiting) implements Outcome {}
    }
}
