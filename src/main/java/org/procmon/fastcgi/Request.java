package org.procmon.fastcgi;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * One request in the responder role; the other roles are refused before a handler sees them. To be
 * used on the handler's thread, until the handler returns.
 *
 * @param params the CGI variables in the order of their arrival, one char per byte (ISO 8859-1);
 *     {@code HTTP_PROXY} is never among them, since no browser sends that header in good faith
 * @param input the body. It is read from the socket only as it is read from here, so that a slow
 *     handler slows the web server down and nothing piles up. Reading throws {@link
 *     RequestAbortedException} or {@link FastCgiException}; the handler need not catch them
 */
public record Request(Map<String, String> params, InputStream input) {
    /** The value of a CGI variable such as {@code QUERY_STRING}. */
    public Optional<String> param(String name) {
        return Optional.ofNullable(params.get(name));
    }
}
