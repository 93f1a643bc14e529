package org.procmon.supervise.port;

/**
 * Replaces the running monitors by the program that is installed. Called on the connections'
 * virtual threads; of two calls at a time at most one may be granted.
 */
@FunctionalInterface
public interface Upgrader {
    /** For a monitor that cannot be replaced while it runs. */
    Upgrader NONE = () -> new Outcome.Refused("this monitor cannot replace itself");

    /** Prepares all that can fail. May take its time; nothing has changed if it is refused. */
    Outcome prepare();

    /** Whether the monitors will be replaced. */
    sealed interface Outcome {
        /**
         * They will.
         *
         * @param replace begins it; run once the caller has its answer. It may end the program, or
         *     stop the server from another thread; it must not wait for that here, since it runs on
         *     the thread of a connection
         */
        record Ready(Runnable replace) implements Outcome {}

        /**
         * They will not.
         *
         * @param reason in words
         */
        record Refused(String reason) implements Outcome {}
    }
}
