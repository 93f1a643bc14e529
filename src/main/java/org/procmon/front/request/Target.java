package org.procmon.front.request;

import java.io.IOException;

/** Where the requests of a route go. Called on the threads of many requests at a time. */
public interface Target extends AutoCloseable {
    /**
     * Answers a request, and blocks until the answer is sent.
     *
     * @return false if there is nothing for this path here, and nothing was sent
     */
    boolean handle(Exchange exchange) throws IOException;

    /** No further request comes, and none is being answered. */
    @Override
    default void close() {}
}
