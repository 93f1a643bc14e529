package org.procmon.fastcgi.client;

import java.time.Duration;

/**
 * The limits of a client. Times are of the monotonic clock.
 *
 * @param connectTime how long a connection may take to be accepted by the kernel
 * @param sendTime how long the application may take to read one full buffer
 * @param headerTime how long the application may take to send the header of its response, counted
 *     from the last byte of the request that it has read. A wait for the body of the request does
 *     not count
 * @param silence how long the application may then send nothing of the body
 * @param headerBytes the longest header of a response
 * @param headerFields the most fields of a header
 * @param errorBytes the most bytes of standard error that nobody has taken
 */
public record FastCgiClientLimits(
        Duration connectTime,
        Duration sendTime,
        Duration headerTime,
        Duration silence,
        int headerBytes,
        int headerFields,
        int errorBytes) {
    private static final Duration USUAL = Duration.ofSeconds(60);

    public static final FastCgiClientLimits DEFAULT =
            new FastCgiClientLimits(
                    Duration.ofSeconds(5), USUAL, USUAL, USUAL, 32 * 1024, 200, 64 * 1024);

    public FastCgiClientLimits {
        if (!connectTime.isPositive()
                || !sendTime.isPositive()
                || !headerTime.isPositive()
                || !silence.isPositive()
                || headerBytes < 1
                || headerFields < 1
                || errorBytes < 1) {
            throw new IllegalArgumentException("cannot use limits: each must be positive");
        }
    }
}
