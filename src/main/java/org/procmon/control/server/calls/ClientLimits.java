package org.procmon.control.server.calls;

import java.time.Duration;

/**
 * What one client may use. The tables in docs/reference/limits.md list the totals.
 *
 * @param connections how many are served at a time
 * @param followers how many of them may follow output or events
 * @param slowestMessage how long a message may take from its first byte to its last, and the first
 *     one from the start of the connection
 * @param slowestReader how long a reply may wait for a client that does not read
 * @param longestWait how long a call may wait for its outcome
 * @param unwatched how long it waits before it checks whether its client is still there
 * @param idle how long a connection may be silent between two calls
 */
public record ClientLimits(
        int connections,
        int followers,
        Duration slowestMessage,
        Duration slowestReader,
        Duration longestWait,
        Duration unwatched,
        Duration idle) {
    public static final ClientLimits DEFAULT =
            new ClientLimits(
                    256,
                    128,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(30));

    /** How many connections may wait for a free place. */
    public static final int MAX_WAITING = 64;

    /** The size of the longest message, in bytes. */
    public static final int LONGEST_MESSAGE = 1 << 20;

    /** The memory for the long messages of all clients, in bytes. */
    public static final int MESSAGE_BYTES = 4 << 20;

    /** The part of it for users other than root and the monitor's own. */
    public static final int MESSAGE_BYTES_OF_OTHERS = 2 << 20;

    /** The part of it for any one of those users; not less than the longest message. */
    public static final int MESSAGE_BYTES_OF_ONE_USER = 3 << 19;

    /** The memory for the names of all calls in progress, in bytes. */
    public static final int CALL_BYTES = 4 << 20;

    /** The memory that a call with usage needs for each process, in bytes. */
    static final int USAGE_BYTES = 64;

    /** The memory that a reply about pools needs for each worker, in bytes. */
    static final int WORKER_BYTES = 512;

    /** The workers of a call that count, so that no number of them makes it impossible. */
    static final int MOST_WORKERS_COUNTED = 2048;

    /** With the default limit between two calls. */
    public ClientLimits(
            int connections,
            int followers,
            Duration slowestMessage,
            Duration slowestReader,
            Duration longestWait,
            Duration unwatched) {
        this(
                connections,
                followers,
                slowestMessage,
                slowestReader,
                longestWait,
                unwatched,
                Duration.ofMinutes(1));
    }
}
