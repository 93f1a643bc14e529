package org.procmon.fastcgi;

import java.time.Duration;

/**
 * The bounds of a responder.
 *
 * @param connections the most connections at a time; further ones wait in the listen queue
 * @param paramsBytes the longest stream of CGI variables of a request
 * @param params the most CGI variables of a request
 * @param headTime how long a web server may take to send the CGI variables, counted from the first
 *     byte of a request or, on a new connection, from its acceptance
 */
public record Limits(int connections, int paramsBytes, int params, Duration headTime) {
    public static final Limits DEFAULT = new Limits(1024, 256 * 1024, 2000, Duration.ofSeconds(30));

    public Limits {
        if (connections < 1 || paramsBytes < 1 || params < 1 || !headTime.isPositive()) {
            throw new IllegalArgumentException("cannot use limits: each must be positive");
        }
    }
}
