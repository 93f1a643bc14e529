package org.procmon.supervise.port;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.reload.ChangePlan;

/**
 * Puts another configuration in the place of the one that the monitor follows, one at a time. Any
 * thread; none of these methods waits for another one, or for the loop. The caller sets the limit,
 * and cancels the future to give up: what has not had its turn by then is not done at all.
 */
public interface Reloader {
    /** There is none to be read. */
    Reloader NONE =
            new Reloader() {
                private static final Outcome NOTHING =
                        new Outcome.Failed("", "this monitor follows no file");

                @Override
                public CompletableFuture<Outcome> reload(boolean dry) {
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
     * Reads the files again and applies what has changed; all of it or, if there is any problem,
     * nothing.
     *
     * @param dry whether only to tell what would be done
     */
    CompletableFuture<Outcome> reload(boolean dry);

    /** Reads the files again, and tells what is wrong with them; changes nothing. */
    List<String> check();

    /** Changes the number of instances of a process, until the files give it another. */
    CompletableFuture<Outcome> scale(String name, int instances);

    /** What became of it. */
    sealed interface Outcome {
        /**
         * It is done, or would be.
         *
         * @param atOnce keys of the monitor itself that count from now on
         * @param later keys of the monitor itself that count only for a new one
         */
        record Planned(ChangePlan plan, List<String> atOnce, List<String> later)
                implements Outcome {
            public Planned {
                atOnce = List.copyOf(atOnce);
                later = List.copyOf(later);
            }
        }

        /** Nothing was done: the files have problems, told one by one. */
        record Invalid(List<String> problems) implements Outcome {}

        /** Nothing was done, for another reason. */
        record Failed(String name, String reason) implements Outcome {}

        record NoSuchProcess(String name) implements Outcome {}

        record ShuttingDown() implements Outcome {}

        /** Nothing was done: this many others wait for their turn. */
        record Busy(int waiting) implements Outcome {}
    }
}
