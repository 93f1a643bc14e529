package org.procmon.supervise.port;

/**
 * Replaces the running monitors with the installed program. Called on the connections' virtual
 * threads; of two calls at a time at most one is accepted.
 */
@FunctionalInterface
public interface Upgrader {
    /** For a monitor that cannot be replaced while it runs. */
    Upgrader NONE = () -> new Outcome.Refused("this monitor cannot replace itself");

    /** Prepares everything that can fail. May take time; if it is refused, nothing has changed. */
    Outcome prepare();

    /** Whether the monitors will be replaced. */
    sealed interface Outcome {
        /**
         * They will.
         *
         * @param replace starts the upgrade; to be run once the client has its reply. It may exit
         *     the program, or stop the server from another thread; it must not wait for the server
         *     to stop, since it runs on a connection's thread
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
