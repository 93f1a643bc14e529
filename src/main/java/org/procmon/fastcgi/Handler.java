package org.procmon.fastcgi;

import java.io.IOException;

/** Answers requests. Called on the virtual threads of many connections at the same time. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request; when it returns, the response is complete. If it throws before anything
     * was sent, the web server is told of an internal error (500), else the connection is closed.
     * The thread is interrupted when the responder's grace is over.
     *
     * @param request what was asked
     * @param response takes the CGI header block, an empty line and the body
     */
    void handle(Request request, Response response) throws IOException;
}
