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
final class Asker implements Vigil.Task {
    private final Question question;
    private final Duration limit;
    private final Course course;
    private final Thread.UncaughtExceptionHandler bugs;
    private @Nullable Thread asking;

    /**
     * @param bugs hears of the end of a thread that fails, which is a bug
     */
    Asker(Question question, Duration limit, Course course, Thread.UncaughtExceptionHandler bugs) {
        this.question = question;
        this.limit = limit;
        this.course = course;
        this.bugs = bugs;
    }

    @Override
    public void run(Vigil vigil) throws InterruptedException {
        Optional<Duration> pause = Optional.of(course.first());
        while (pause.isPresent()) {
            vigil.pause(pause.get());
            pause = course.next(ask());
        }
    }

    /** An interrupt ends the question too. */
    Verdict ask() throws InterruptedException {
        Thread last = asking;
        if (last != null && !last.join(limit)) {
            return tooLate(limit);
        }
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        Thread now =
                Thread.ofVirtual()
                        .uncaughtExceptionHandler(bugs)
                        .start(() -> answer.complete(question.ask()));
        asking = now;
        try {
            return now.join(limit) ? answer.getNow(tooLate(limit)) : tooLate(limit);
        } finally {
            now.interrupt();
        }
    }

    /** The complaint about an answer that has not come in time. */
    static Verdict tooLate(Duration limit) {
        return new Verdict.Bad("no answer within " + DurationText.inWords(limit));
    }
}
