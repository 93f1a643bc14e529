package org.procmon.control.server;

import java.time.Duration;

/**
 * What one client may cost.
 *
 * @param connections how many are served at a time
 * @param followers how many of them may follow output or events
 * @param slowestMessage how long a message may take from its first byte to its last
 * @param slowestReader how long a reply may wait for a client that does not read
 * @param longestWait how long a call waits for its outcome at most
 * @param unwatched how long it waits without looking whether its client is still there
 */
record Limits(
        int connections,
        int followers,
        Duration slowestMessage,
        Duration slowestReader,
        Duration longestWait,
        Duration unwatched) {
    static final Limits DEFAULT =
            new Limits(
                    256,
                    128,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(30));

    /** How many connections may wait to be told whether there is a place for them. */
    static final int AT_THE_DOOR = 64;

    /**
     * How much the long messages of all clients may hold, in bytes: what they say takes some ten
     * times that, of a heap of 64 MiB.
     */
    static final int UNFINISHED_MESSAGES = 2 << 20;

    /** The size of the longest message, in bytes. */
    static final int LONGEST_MESSAGE = 1 << 20;

    /** How many connections there may be of users but root and the monitor's own. */
    int ofOthers() {
        return connections - connections / 8;
    }

    /** How many there may be of any one of those. */
    int ofOneUser() {
        return connections - connections / 4;
    }
}
