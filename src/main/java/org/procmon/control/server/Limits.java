package org.procmon.control.server;

import java.time.Duration;

/**
 * What one client may cost.
 *
 * @param connections how many are served at a time
 * @param slowestMessage how long a message may take from its first byte to its last
 * @param slowestReader how long a reply may wait for a client that does not read
 * @param longestWait how long a call waits for its outcome at most
 * @param unwatched how long it waits without looking whether its client is still there
 */
record Limits(
        int connections,
        Duration slowestMessage,
        Duration slowestReader,
        Duration longestWait,
        Duration unwatched) {
    static final Limits DEFAULT =
            new Limits(
                    256,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(30));

    /** The size of the longest message, in bytes. */
    static final int LONGEST_MESSAGE = 1 << 20;
}
