package org.procmon.http;

import java.io.IOException;

/** Answers requests. Called on the threads of many connections at the same time. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request; when it returns, the response is complete. If it throws before anything
     * was sent, or returns without having started the response, the client gets an internal error
     * (500); if it throws later, the connection is closed. The thread is interrupted when the
     * program must stop and its grace time is over.
     */
    void handle(Request request, Response response) throws IOException;

    /**
     * Answers a request that cannot be read, and after which the connection closes.
     *
     * @param reason what is wrong with the request
     */
    default void refuse(RequestRefused refused, String reason, Response response)
            throws IOException {
        HttpAnswer.unreadable(refused, "cannot read the request: " + reason).send(response, true);
    }
}
