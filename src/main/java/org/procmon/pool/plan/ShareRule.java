package org.procmon.pool.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.lifecycle.Ticks;

/** How pools divide the workers of a share. Any thread. */
public final class ShareRule {
    /** What is not limited by a share. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final Comparator<Claim> TURNS =
            Comparator.comparing((Claim claim) -> claim.used() > 0)
                    .thenComparing(claim -> claim.since().isEmpty())
                    .thenComparing(claim -> claim.since().orElse(new Ticks(0)))
                    .thenComparing(Claim::pool);

    private ShareRule() {}

    /**
     * What a pool has of its share, and whether it wants more.
     *
     * @param used how many workers it has, without those that take the place of others
     * @param least how many it can always have
     * @param wants whether it would start one more now if the share allows it
     * @param since since when its clients wait; empty if none waits
     */
    public record Claim(String pool, int used, int least, boolean wants, Optional<Ticks> since) {}

    /** The claim of a pool. */
    public static Claim claim(PoolSpec spec, PoolState state, Ticks now) {
        int used = used(spec, state);
        int least = state.goal() == PoolGoal.STOPPED ? 0 : kept(spec);
        PoolDraft alone = new PoolDraft(spec, state.withShareLimit(UNLIMITED), now);
        boolean wants =
                GrowthRule.growth(alone) > 0
                        || (state.goal() == PoolGoal.UP
                                && used < least
                                && WorkerNeed.room(spec, alone.state) > 0
                                && WorkerNeed.mayStart(spec, state, now));
        return new Claim(spec.id(), used, least, wants, state.queue().waitingSince());
    }

    private static int used(PoolSpec spec, PoolState state) {
        int extra =
                (int)
                        state.workers().stream()
                                .filter(w -> w.phase().isLive() && takesAPlace(state, w))
                                .count();
        return Math.clamp(WorkerNeed.places(state) - extra, 0, WorkerNeed.max(spec));
    }

    /** Whether another worker is stopped when this one is ready. */
    private static boolean takesAPlace(PoolState state, PoolWorker worker) {
        return (state.generation().isPending()
                        && state.generation().fresh().contains(worker.number()))
                || state.replacement()
                        .filter(r -> r.fresh() == worker.number() && r.old() != r.fresh())
                        .isPresent();
    }

    /** How many workers a pool keeps when others want some. */
    static int kept(PoolSpec spec) {
        return WorkerNeed.mode(spec) == PoolMode.STATIC
                ? WorkerNeed.max(spec)
                : spec.workers().min();
    }

    /**
     * How many workers a pool may have. Others keep what they have, can have their least, and have
     * their turn first: those without a worker, then those whose clients wait for longer.
     *
     * @param most of the share
     */
    public static int limit(int most, Claim own, Collection<Claim> others) {
        int left = most;
        for (Claim other : others) {
            int next = other.wants() && isFirst(other, own) ? 1 : 0;
            left -= Math.max(other.used() + next, other.least());
        }
        return Math.max(0, left);
    }

    private static boolean isFirst(Claim other, Claim own) {
        return !own.wants() || TURNS.compare(other, own) < 0;
    }

    /** Whether a pool is kept from a worker by its share. */
    public static boolean isBlocked(Claim own, int limit) {
        return own.wants() && own.used() >= limit;
    }

    /** Whether a pool may have a worker that it does not use. */
    public static boolean hasSpare(PoolSpec spec, PoolState state) {
        return state.goal() == PoolGoal.UP && WorkerNeed.live(state) > kept(spec);
    }
}
