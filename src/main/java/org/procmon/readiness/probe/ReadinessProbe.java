package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import org.procmon.supervise.port.RunReporter;

/** Probes a starting run until it is well. A repeated complaint is not reported. */
public final class ReadinessProbe implements ProbePolicy {
    private final Duration interval;
    private final RunReporter runReporter;
    private Optional<String> reported = Optional.empty();

    public ReadinessProbe(Duration interval, RunReporter runReporter) {
        this.interval = interval;
        this.runReporter = runReporter;
    }

    @Override
    public Duration first() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Duration> next(ProbeResult probeResult) {
        return switch (probeResult) {
            case ProbeResult.Well _ -> {
                runReporter.ready();
                yield Optional.empty();
            }
            case ProbeResult.Bad(String complaint) -> notYet(complaint);
            case ProbeResult.NotAsked(String reason) -> notYet(reason);
        };
    }

    private Optional<Duration> notYet(String why) {
        Optional<String> complaint = Optional.of(why);
        if (!complaint.equals(reported)) {
            reported = complaint;
            runReporter.probed(complaint);
        }
        return Optional.of(interval);
    }
}
