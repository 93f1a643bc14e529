package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;

/**
 * Asks one question again and again, each time on a virtual thread of its own, so that a question
 * nobody answers can be left. The next is not asked before the last one has ended. One thread.
 */
final class CommandProbe implements BackgroundCheck.Task {
    private final ProbeTarget probeTarget;
    private final Duration limit;
    private final ProbePolicy probePolicy;
    private final Thread.UncaughtExceptionHandler bugs;
    private @Nullable Thread asking;

    /**
     * @param bugs hears of the end of a thread that fails, which is a bug
     */
    CommandProbe(
            ProbeTarget probeTarget,
            Duration limit,
            ProbePolicy probePolicy,
            Thread.UncaughtExceptionHandler bugs) {
        this.probeTarget = probeTarget;
        this.limit = limit;
        this.probePolicy = probePolicy;
        this.bugs = bugs;
    }

    @Override
    public void run(BackgroundCheck backgroundCheck) throws InterruptedException {
        Optional<Duration> pause = Optional.of(probePolicy.first());
        while (pause.isPresent()) {
            backgroundCheck.pause(pause.get());
            pause = probePolicy.next(ask());
        }
    }

    /** An interrupt ends the question too. */
    ProbeResult ask() throws InterruptedException {
        Thread last = asking;
        if (last != null && !last.join(limit)) {
            return tooLate(limit);
        }
        CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
        Thread now =
                Thread.ofVirtual()
                        .uncaughtExceptionHandler(bugs)
                        .start(() -> answer.complete(probeTarget.ask()));
        asking = now;
        try {
            return now.join(limit) ? answer.getNow(tooLate(limit)) : tooLate(limit);
        } finally {
            now.interrupt();
        }
    }

    /** The complaint about an answer that has not come in time. */
    static ProbeResult tooLate(Duration limit) {
        return new ProbeResult.Bad("no answer within " + DurationText.inWords(limit));
    }
}
