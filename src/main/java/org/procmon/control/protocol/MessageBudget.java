package org.procmon.control.protocol;

/**
 * How many bytes a long message may hold. Short ones are free, so that whoever has little to say is
 * heard whatever others do. Safe from any thread.
 */
public final class MessageBudget {
    private final Source source;

    /** Where the bytes come from. Called from any thread. */
    public interface Source {
        /** Takes as many, if there are any left. */
        boolean take(long bytes);

        /** Gives back what was taken. */
        void give(long bytes);
    }

    /**
     * @param source what the connections share
     */
    public MessageBudget(Source source) {
        this.source = source;
    }

    /** Without a limit. */
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

    /** The share of one connection, nothing at first. */
    Share share() {
        return new Share(source);
    }

    /** What one connection has taken, until it is closed. */
    static final class Share implements AutoCloseable {
        private final Source source;
        private long taken;
        private boolean closed;

        private Share(Source source) {
            this.source = source;
        }

        /** Whether there is as much left. */
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
