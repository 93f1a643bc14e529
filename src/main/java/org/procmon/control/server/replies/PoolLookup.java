package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procmon.status.PoolView;
import org.procmon.supervise.port.PoolSource;

/**
 * Asks for the pools of names and globs. Thread-safe.
 *
 * <p>While an earlier question has no answer after its time, the thread of the pools stands still:
 * no further one is asked then, so that questions do not pile up.
 */
public final class PoolLookup {
    private final PoolSource source;
    private final Duration limit;
    private volatile CompletableFuture<?> late = CompletableFuture.completedFuture(null);

    /**
     * @param limit how long an answer may take
     */
    public PoolLookup(PoolSource source, Duration limit) {
        this.source = source;
        this.limit = limit;
    }

    /** What came of a question. */
    public sealed interface Found {
        /** The pools, in the order of the configuration. */
        record Some(List<PoolView> pools) implements Found {
            public Some {
                pools = List.copyOf(pools);
            }
        }

        /** The error for the client. */
        record None(CallReply error) implements Found {}
    }

    /**
     * The pools that match at least one of the names.
     *
     * @param names valid names or globs; empty for all pools
     * @param unmatched receives each name that matches no pool
     */
    public Found named(List<String> names, Collection<String> unmatched)
            throws InterruptedException {
        if (!late.isDone()) {
            return timedOut();
        }
        boolean exact = names.stream().noneMatch(NameLookup::isWild);
        CompletableFuture<List<PoolView>> question =
                source.pools(exact ? Set.copyOf(names) : Set.of());
        try {
            List<PoolView> pools = question.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Found.Some(
                    names.isEmpty()
                            ? pools
                            : NameLookup.select(
                                    pools, pool -> List.of(pool.name()), names, unmatched));
        } catch (TimeoutException _) {
            late = question;
            return timedOut();
        } catch (ExecutionException e) {
            return new Found.None(CallErrors.failed(e));
        }
    }

    private Found timedOut() {
        return new Found.None(
                CallErrors.timedOut("", "the part of the monitor that runs pools does not answer"));
    }
}
