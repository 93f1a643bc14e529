package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what is answered, and asks so many times. */
public final class ProbeAnswers implements ProbePolicy {
    private final BlockingQueue<ProbeResult> answers = new LinkedBlockingQueue<>();
    private int questions;

    ProbeAnswers() {
        this(1);
    }

    ProbeAnswers(int questions) {
        this.questions = questions;
    }

    @Override
    public Duration first() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Duration> next(ProbeResult probeResult) {
        answers.add(probeResult);
        return --questions > 0 ? Optional.of(Duration.ofMillis(1)) : Optional.empty();
    }

    /** The next answer; waits for it. */
    public ProbeResult take() {
        try {
            return answers.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public int count() {
        return answers.size();
    }
}
