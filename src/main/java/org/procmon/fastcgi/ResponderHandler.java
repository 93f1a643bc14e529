package org.procmon.fastcgi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.procmon.http.RequestRefused;

/** Answers requests. Called on the virtual threads of many connections at the same time. */
@FunctionalInterface
public interface ResponderHandler {
    /**
     * Answers one request; when it returns, the response is complete. If it throws before anything
     * was sent, the web server gets an internal error (500), otherwise the connection is closed.
     * The thread is interrupted when the responder's grace time is over.
     *
     * @param request the request
     * @param response receives the CGI header block, an empty line and the body
     */
    void handle(ResponderRequest request, ResponderResponse response) throws IOException;

    /**
     * Answers a request that cannot be read, and after which the connection closes.
     *
     * @param reason what is wrong with the request
     * @param response as for any other
     */
    default void refuse(RequestRefused requestRefused, String reason, ResponderResponse response)
            throws IOException {
        String answer =
                "Status: %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n\r\n%s\n"
                        .formatted(requestRefused.code(), requestRefused.words(), reason);
        response.write(answer.getBytes(StandardCharsets.UTF_8));
    }
}
