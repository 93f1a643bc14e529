package org.procmon.control.server.calls;

import java.util.concurrent.CompletableFuture;

/** Whether a client that waits for its answer is still there. For the thread that serves it. */
public interface ClientLiveness {
    /** For a client that waits for nothing. */
    ClientLiveness UNSEEN =
            new ClientLiveness() {
                @Override
                public CompletableFuture<Void> silence() {
                    return new CompletableFuture<>();
                }

                @Override
                public boolean listens() {
                    return true;
                }
            };

    /** Starts to watch; completes when the client closes its sending side or the connection. */
    CompletableFuture<Void> silence();

    /** Whether a client that closed its sending side may still read its answer. */
    boolean listens();
}
