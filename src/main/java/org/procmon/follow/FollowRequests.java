package org.procmon.follow;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the configuration read, one time after the other, and logs what comes of it: the same failure
 * once. One thread.
 */
final class FollowRequests {
    private static final Logger LOG = LoggerFactory.getLogger("follow");

    /** How long to wait when too many other changes wait for their turn. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** Of how many failures the texts are kept, so that they are not logged again. */
    private static final int MOST_FAILURES = 100;

    private final Reloader reloader;
    private final Runnable wakeUp;
    private final Set<Object> failures = new HashSet<>();
    private Optional<CompletableFuture<Outcome>> running = Optional.empty();
    private boolean isWanted;
    private Optional<Ticks> retry = Optional.empty();

    /**
     * @param wakeUp is run, on any thread, when {@link #look} has something to do
     */
    FollowRequests(Reloader reloader, Runnable wakeUp) {
        this.reloader = reloader;
        this.wakeUp = wakeUp;
    }

    /** What is followed is to be read, after what is being read now. */
    void want() {
        isWanted = true;
    }

    /** When to look again, unless it is woken before. */
    Optional<Ticks> due() {
        return retry;
    }

    /** Handles what came of the latest request, and makes the next one. */
    void look(Ticks now) {
        running.filter(CompletableFuture::isDone)
                .ifPresent(done -> {
                    running = Optional.empty();
                    CompletableFuture<Outcome> _ =
                            done.whenComplete((outcome, failure) -> end(outcome, failure, now));
                });
        if (retry.filter(now::hasReached).isPresent()) {
            retry = Optional.empty();
            isWanted = true;
        }
        if (isWanted && running.isEmpty()) {
            isWanted = false;
            CompletableFuture<Outcome> next = reloader.follow();
            running = Optional.of(next);
            CompletableFuture<Outcome> _ = next.whenComplete((_, _) -> wakeUp.run());
        }
    }

    private void end(@Nullable Outcome outcome, @Nullable Throwable failure, Ticks now) {
        if (outcome == null) {
            if (failures.size() < MOST_FAILURES && failures.add(String.valueOf(failure))) {
                LOG.atError().setCause(failure).log("cannot follow, because of a bug");
            }
            return;
        }
        switch (outcome) {
            case Outcome.Planned planned -> {
                failures.clear();
                if (!planned.plan().changes().isEmpty()) {
                    LOG.atInfo()
                            .addKeyValue("changed", planned.plan().changes().size())
                            .addKeyValue("unchanged", planned.plan().unchanged())
                            .log("followed changes");
                }
            }
            case Outcome.Invalid invalid -> {
                if (isNew(invalid)) {
                    invalid.problems()
                            .forEach(problem ->
                                    LOG.atWarn()
                                            .addKeyValue("problem", problem)
                                            .log("invalid configuration"));
                    LOG.atWarn().log("nothing was changed");
                }
            }
            case Outcome.Failed failed -> {
                if (isNew(failed)) {
                    LOG.atWarn().addKeyValue("reason", failed.reason()).log("cannot follow");
                }
            }
            case Outcome.Busy _ -> retry = Optional.of(now.plus(RETRY_DELAY));
            case Outcome.NoSuchProcess _, Outcome.ShuttingDown _ -> {}
        }
    }

    private boolean isNew(Outcome failure) {
        if (failures.size() >= MOST_FAILURES) {
            failures.clear();
        }
        return failures.add(failure);
    }

    /** Gives up what has not been read yet. */
    void close() {
        running.ifPresent(request -> request.cancel(false));
    }
}
