package org.procmon.control.server.calls;

import java.time.Duration;

/**
 * What one client may cost. The tables in docs/reference/limits.md say what all of it comes to.
 *
 * @param connections how many are served at a time
 * @param followers how many of them may follow output or events
 * @param slowestMessage how long a message may take from its first byte to its last, and the first
 *     one from the beginning of the connection
 * @param slowestReader how long a reply may wait for a client that does not read
 * @param longestWait how long a call waits for its outcome at most
 * @param unwatched how long it waits without looking whether its client is still there
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

    /** How many connections may wait to be told whether there is a place for them. */
    public static final int AT_THE_DOOR = 64;

    /** The size of the longest message, in bytes. */
    public static final int LONGEST_MESSAGE = 1 << 20;

    /** How much the long messages of all clients may hold, in bytes. */
    public static final int MESSAGE_BYTES = 4 << 20;

    /** How much of it those of users but root and the monitor's own. */
    public static final int MESSAGE_BYTES_OF_OTHERS = 2 << 20;

    /** How much of it those of any one of these; not less than the longest message. */
    public static final int MESSAGE_BYTES_OF_ONE_USER = 3 << 19;

    /** How much the names of all calls that are being answered may hold, in bytes. */
    public static final int CALL_BYTES = 4 << 20;

    /** What a call that asks for usage holds for each process, in bytes. */
    static final int USAGE_BYTES = 64;

    /** With the usual limit between two calls. */
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
