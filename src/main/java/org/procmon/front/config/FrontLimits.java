package org.procmon.front.config;

/**
 * What clients of the HTTP front may use.
 *
 * @param headerBytes the longest head of a request
 * @param bodyBytes the longest body of a request to an application
 * @param requestMillis how long an application may take to begin its answer, and how long it may
 *     then pause
 * @param idleMillis how long a client may send nothing, or read nothing
 * @param requests how many requests are served at a time
 * @param queue how many more may wait; further ones get 503. So for each application that limits
 *     its requests
 * @param queueMillis how long one may wait; then it gets 503
 * @param connections how many connections may be open
 * @param connectionsPerAddress how many of them one client address may have
 * @param headMillis how long the head of a request may take; 0 for the default
 * @param bodyRate how many bytes a second a client has to send of a body, after that time; 0 for
 *     any number
 */
public record FrontLimits(
        int headerBytes,
        long bodyBytes,
        long requestMillis,
        long idleMillis,
        int requests,
        int queue,
        long queueMillis,
        int connections,
        int connectionsPerAddress,
        long headMillis,
        long bodyRate) {
    private static final long USUAL_HEAD_MILLIS = 30_000;

    public static final FrontLimits DEFAULT =
            new FrontLimits(
                    16 * 1024,
                    64L << 20,
                    60_000,
                    60_000,
                    1024,
                    1024,
                    10_000,
                    4096,
                    4096,
                    USUAL_HEAD_MILLIS,
                    500);

    public FrontLimits {
        if (headerBytes < 1
                || bodyBytes < 0
                || requestMillis < 1
                || idleMillis < 1
                || requests < 1
                || queue < 0
                || queueMillis < 1
                || connections < 1
                || connectionsPerAddress < 1
                || headMillis < 0
                || bodyRate < 0) {
            throw new IllegalArgumentException("cannot use limits: each must be positive");
        }
        headMillis = headMillis == 0 ? USUAL_HEAD_MILLIS : headMillis;
    }
}
