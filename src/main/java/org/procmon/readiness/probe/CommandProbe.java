package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;

/**
 * Repeats one probe, each time on a virtual thread of its own, so that an unanswered one can be
 * abandoned. The next starts only after the last one has finished. One thread.
 */
final class CommandProbe implements BackgroundCheck.Task {
    private final ProbeTarget probeTarget;
    private final Duration limit;
    private final ProbePolicy probePolicy;
    private final Thread.UncaughtExceptionHandler bugs;
    private @Nullable Thread asking;

    /**
     * @param bugs is called if a thread dies, which is a bug
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

    /** An interrupt also stops the probe. */
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

    /** The complaint after a timeout. */
    static ProbeResult tooLate(Duration limit) {
        return new ProbeResult.Bad("no answer within " + DurationText.inWords(limit));
    }
}
