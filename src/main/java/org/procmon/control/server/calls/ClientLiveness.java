package org.procmon.control.server.calls;

import java.util.concurrent.CompletableFuture;

/** Whether a client is still there that waits for its answer. For the thread that serves it. */
public interface ClientLiveness {
    /** Of a client that waits for nothing. */
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

    /** Begins to look, and is completed when the client will say nothing more, or is gone. */
    CompletableFuture<Void> silence();

    /** Whether one that will say nothing more may still take its answer. */
    boolean listens();
}
