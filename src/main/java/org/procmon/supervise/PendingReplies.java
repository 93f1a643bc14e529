package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.supervise.port.Reply;

/**
 * Replies that are ready but not yet sent: who hears that a command is done must find it so in the
 * snapshot. Loop thread only.
 */
final class PendingReplies {
    private record Answer(CompletableFuture<Reply> to, Reply reply) {}

    private final List<Answer> ready = new ArrayList<>();

    private final List<CompletableFuture<Void>> taken = new ArrayList<>();

    /** A command was taken, whatever comes of it later. */
    void taken(CompletableFuture<Void> command) {
        taken.add(command);
    }

    void add(CompletableFuture<Reply> to, Reply reply) {
        ready.add(new Answer(to, reply));
    }

    /**
     * Sends them.
     *
     * @param durable what they wait for: that what they confirm is kept
     */
    void send(CompletableFuture<Void> durable) {
        if (ready.isEmpty() && taken.isEmpty()) {
            return;
        }
        List<Answer> answers = List.copyOf(ready);
        List<CompletableFuture<Void>> commands = List.copyOf(taken);
        ready.clear();
        taken.clear();
        CompletableFuture<Void> _ =
                durable.thenRun(() -> {
                    answers.forEach(answer -> answer.to().complete(answer.reply()));
                    commands.forEach(command -> command.complete(null));
                });
    }
}
