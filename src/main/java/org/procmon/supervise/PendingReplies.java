package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.supervise.port.Reply;

/**
 * Replies that are ready but not yet sent: once a command is acknowledged, the snapshot must show
 * its effect. Loop thread only.
 */
final class PendingReplies {
    private record Answer(CompletableFuture<Reply> to, Reply reply) {}

    private final List<Answer> ready = new ArrayList<>();

    private final List<CompletableFuture<Void>> taken = new ArrayList<>();

    /** A command was accepted, whatever its later outcome. */
    void taken(CompletableFuture<Void> command) {
        taken.add(command);
    }

    void add(CompletableFuture<Reply> to, Reply reply) {
        ready.add(new Answer(to, reply));
    }

    /**
     * Sends them.
     *
     * @param durable what they wait for: that the journal has what they confirm
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
