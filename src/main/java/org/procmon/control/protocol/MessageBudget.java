package org.procmon.control.protocol;

/**
 * Limits the bytes that long messages hold. Short ones are free, so that a client that sends only
 * short ones is served whatever others do. Thread-safe.
 */
public final class MessageBudget {
    private final Source source;

    /** The supply of bytes. Called from any thread. */
    public interface Source {
        /** Takes this many, if there are enough left. */
        boolean take(long bytes);

        /** Gives back what was taken. */
        void give(long bytes);
    }

    /**
     * @param source the supply that the connections share
     */
    public MessageBudget(Source source) {
        this.source = source;
    }

    /** A budget without a limit. */
    static MessageBudget unlimited() {
        return new MessageBudget(
                new Source() {
                    @Override
                    public boolean take(long bytes) {
                        return true;
                    }

                    @Override
                    public void give(long bytes) {}
                });
    }

    /** The share of one connection, empty at first. */
    Share share() {
        return new Share(source);
    }

    /** The bytes that one connection has taken, until it is closed. */
    static final class Share implements AutoCloseable {
        private final Source source;
        private long taken;
        private boolean closed;

        private Share(Source source) {
            this.source = source;
        }

        /** Takes more; false if too few are left. */
        synchronized boolean take(long bytes) {
            if (closed || !source.take(bytes)) {
                return false;
            }
            taken += bytes;
            return true;
        }

        /** Gives all of it back. */
        synchronized void give() {
            if (taken > 0) {
                source.give(taken);
            }
            taken = 0;
        }

        @Override
        public synchronized void close() {
            give();
            closed = true;
        }
    }
}
