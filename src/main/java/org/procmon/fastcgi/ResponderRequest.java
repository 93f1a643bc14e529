package org.procmon.fastcgi;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.procmon.fastcgi.wire.FastCgiException;

/**
 * One request in the responder role; the other roles are refused before a handler sees them. For
 * the handler's thread, until the handler returns.
 *
 * @param params the CGI variables in the order of their arrival, one char per byte (ISO 8859-1);
 *     {@code HTTP_PROXY} is never among them, since no browser sends that header in good faith
 * @param input the body. It is read from the socket only as it is read from here, so that a slow
 *     handler slows the web server down and nothing accumulates. Reading throws {@link
 *     RequestAbortedException} or {@link FastCgiException}; the handler need not catch them
 * @param departure for answers without an end: reports that the web server disconnected
 */
public record ResponderRequest(Map<String, String> params, InputStream input, Departure departure) {
    /** Reports that the web server no longer wants the answer. */
    @FunctionalInterface
    public interface Departure {
        /**
         * Runs an action, on another thread, when the web server aborts the request or closes the
         * connection, or when the connection is closed here. Call it once at most: it makes the
         * input unusable, and the connection serves no further request.
         */
        void whenGone(Runnable action);
    }

    /** The value of a CGI variable such as {@code QUERY_STRING}. */
    public Optional<String> param(String name) {
        return Optional.ofNullable(params.get(name));
    }
}
