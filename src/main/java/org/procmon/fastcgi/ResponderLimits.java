package org.procmon.fastcgi;

import java.time.Duration;

/**
 * The limits of a responder.
 *
 * @param connections the most connections at a time; further ones wait in the listen queue
 * @param paramsBytes the longest stream of CGI variables of a request
 * @param params the most CGI variables of a request
 * @param allParamsBytes the memory for the CGI variables of all requests together, in bytes
 * @param headTime how long a web server may take to send the CGI variables, counted from the first
 *     byte of a request or, on a new connection, from its acceptance. Other records, and refused
 *     requests, do not extend it
 * @param idleTime how long a connection may wait between two requests
 * @param bodyTime how long the body of a request may take, counted from the first wait for it
 * @param sendTime how long a web server may take to read one full output buffer
 */
public record ResponderLimits(
        int connections,
        int paramsBytes,
        int params,
        long allParamsBytes,
        Duration headTime,
        Duration idleTime,
        Duration bodyTime,
        Duration sendTime) {
    private static final long ALL_PARAMS_BYTES = 12L << 20;
    private static final Duration USUAL = Duration.ofSeconds(30);

    /** Longer than web servers keep idle connections, so that the web servers close them. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    public static final ResponderLimits DEFAULT = new ResponderLimits(1024, 64 * 1024, 500, USUAL);

    public ResponderLimits {
        if (connections < 1
                || paramsBytes < 1
                || params < 1
                || allParamsBytes < 1
                || !headTime.isPositive()
                || !idleTime.isPositive()
                || !bodyTime.isPositive()
                || !sendTime.isPositive()) {
            throw new IllegalArgumentException("cannot use limits: each must be positive");
        }
    }

    /** With the default values of all others. */
    public ResponderLimits(int connections, int paramsBytes, int params, Duration headTime) {
        this(connections, paramsBytes, params, ALL_PARAMS_BYTES, headTime, IDLE, USUAL, USUAL);
    }
}
