package org.procmon.pool.plan;

import java.util.Set;

/**
 * The change of all workers of a pool at once, to a second listener.
 *
 * @param stage how far it is
 * @param fresh the numbers of workers whose runs began after the second listener was opened
 */
public record Generation(Stage stage, Set<Integer> fresh) {
    static final Generation NONE = new Generation(Stage.NONE, Set.of());

    public Generation {
        fresh = Set.copyOf(fresh);
    }

    /** How far it is. */
    public enum Stage {
        /** There is none. */
        NONE,
        /** This roll replaces one worker at a time. */
        IMPOSSIBLE,
        /** The second listener is being opened. */
        OPENING,
        /** Fresh workers start on it; the old ones serve. */
        STARTING,
        /** All fresh workers are ready, and clients are being led to them. */
        PROMOTING,
        /** Clients reach the fresh workers, and the old ones are being stopped. */
        DRAINING
    }

    /** Whether the old workers still serve, so that no other rule starts or stops workers. */
    public boolean isPending() {
        return switch (stage) {
            case NONE, IMPOSSIBLE, DRAINING -> false;
            case OPENING, STARTING, PROMOTING -> true;
        };
    }

    /** Whether there may be twice as many processes as workers. */
    boolean isDouble() {
        return isPending() || stage == Stage.DRAINING;
    }

    boolean is(Stage other) {
        return stage == other;
    }

    /** Whether a run that begins now has the second listener. */
    boolean isOpen() {
        return stage == Stage.STARTING || stage == Stage.PROMOTING;
    }

    Generation to(Stage other) {
        return new Generation(other, fresh);
    }
}
