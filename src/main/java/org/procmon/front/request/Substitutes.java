package org.procmon.front.request;

import java.io.IOException;
import java.util.Optional;

/**
 * What an application may have the front send in place of its own body. Fields of the response that
 * are there already are kept. Called on the threads of many requests at a time.
 */
public interface Substitutes {
    /**
     * Why nothing was sent.
     *
     * @param code of the HTTP status
     * @param reason for the log
     */
    record Failure(int code, String reason) {}

    /**
     * Sends a file.
     *
     * @param path absolute
     */
    Optional<Failure> file(Exchange exchange, String path) throws IOException;

    /**
     * Sends what a route has that is marked for it.
     *
     * @param uri path and query, encoded
     */
    Optional<Failure> route(Exchange exchange, String uri) throws IOException;
}
