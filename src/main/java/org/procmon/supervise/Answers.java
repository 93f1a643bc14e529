package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Replies that are ready but not yet sent: who hears that a command is done must find it so in the
 * snapshot. Loop thread only.
 */
final class Answers {
    private record Answer(CompletableFuture<Reply> to, Reply reply) {}

    private final List<Answer> ready = new ArrayList<>();

    void add(CompletableFuture<Reply> to, Reply reply) {
        ready.add(new Answer(to, reply));
    }

    void send() {
        ready.forEach(answer -> answer.to().complete(answer.reply()));
        ready.clear();
    }
}
