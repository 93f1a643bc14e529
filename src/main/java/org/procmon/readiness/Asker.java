package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.spec.DurationText;

/**
 * Asks one question again and again, each time on a virtual thread of its own, so that a question
 * nobody answers can be left. The next is not asked before the last one has ended. One thread.
 */
final class Asker {
    private final Question question;
    private final Duration limit;
    private @Nullable Thread asking;

    Asker(Question question, Duration limit) {
        this.question = question;
        this.limit = limit;
    }

    /** What is wrong; empty if all is well. An interrupt ends the question too. */
    Optional<String> ask() throws InterruptedException {
        Thread last = asking;
        if (last != null && !last.join(limit)) {
            return tooLate();
        }
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Thread now = Thread.ofVirtual().start(() -> answer.complete(question.ask()));
        asking = now;
        try {
            return now.join(limit) ? answer.getNow(tooLate()) : tooLate();
        } finally {
            now.interrupt();
        }
    }

    private Optional<String> tooLate() {
        return Optional.of("no answer within " + DurationText.inWords(limit));
    }
}
