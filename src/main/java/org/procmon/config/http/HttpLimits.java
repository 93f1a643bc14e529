package org.procmon.config.http;

import java.time.Duration;

/**
 * What clients of the HTTP front may use.
 *
 * @param header the longest head of a request, in bytes
 * @param body the longest body of a request to an application, in bytes
 * @param requestTimeout how long an application may take to begin its answer, and how long it may
 *     then pause
 * @param idleTimeout how long a client may send nothing, or read nothing
 * @param requests how many requests are served at a time
 * @param queue how many more may wait, there and at each application that limits its requests
 * @param queueTimeout how long one may wait
 * @param connections how many connections may be open
 * @param connectionsPerAddress how many of them one address may have
 * @param headerTimeout how long the head of a request may take
 * @param bodyRate how many bytes a second a client has to send of a body, after that time
 */
public record HttpLimits(
        int header,
        long body,
        Duration requestTimeout,
        Duration idleTimeout,
        int requests,
        int queue,
        Duration queueTimeout,
        int connections,
        int connectionsPerAddress,
        Duration headerTimeout,
        long bodyRate) {
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final Duration IN_QUEUE = Duration.ofSeconds(10);

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    16 * 1024,
                    64L << 20,
                    USUAL,
                    USUAL,
                    1024,
                    1024,
                    IN_QUEUE,
                    4096,
                    4096,
                    Duration.ofSeconds(30),
                    500);
}
