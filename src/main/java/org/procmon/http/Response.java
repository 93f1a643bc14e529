package org.procmon.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The response to one request: first its head, then its body. For the handler's thread, until the
 * handler returns.
 */
public interface Response {
    /**
     * Starts the response; once at most. Nothing needs to be sent before the body is flushed, a
     * buffer is full, or the handler returns.
     *
     * @return takes the body. A write blocks while the client does not read, and fails when the
     *     client is gone
     */
    OutputStream start(ResponseHeader head) throws IOException;

    /** Whether {@link #start} was called. */
    boolean isStarted();

    /**
     * Whether the client is known to be gone: a write has failed, or the action of {@link
     * #whenGone} runs.
     */
    boolean isGone();

    /**
     * Runs an action, on another thread, when the client aborts the request or closes the
     * connection, or when the connection is closed here: for responses without an end. Call it once
     * at most: the body of the request is unusable from then on, and the connection serves no
     * further request.
     */
    void whenGone(Runnable action);
}
