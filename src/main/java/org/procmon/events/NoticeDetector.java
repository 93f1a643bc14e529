package org.procmon.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.events.MonitorEvent.Noticed;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.RunHealth.Health;
import org.procmon.status.ProcessView;

/** Finds the notices in a change of a process. */
final class NoticeDetector {
    private NoticeDetector() {}

    static List<Noticed> of(ProcessStatus before, ProcessView after) {
        RunHealth was = before.vitals();
        RunHealth is = after.process().vitals();
        List<Noticed> news = new ArrayList<>();
        if (after.process().tally().diary().skipped() > before.tally().diary().skipped()) {
            news.add(new Noticed(after.name(), Notice.SKIPPED, "the last run is still going"));
        }
        if (after.process().tally().diary().queued() && !before.tally().diary().queued()) {
            news.add(new Noticed(after.name(), Notice.QUEUED, "the last run is still going"));
        }
        if (was.equals(is)) {
            return news;
        }
        if (before.state().phase() == Phase.RUNNING
                && after.process().state().phase() == Phase.RUNNING) {
            health(was.health(), is.health(), after.name()).ifPresent(news::add);
        }
        if (was.condition() != is.condition() && after.process().state().phase().isAlive()) {
            condition(was.condition(), is.condition(), after.name()).ifPresent(news::add);
        }
        if (was.ignored().isEmpty()) {
            is.ignored()
                    .ifPresent(
                            what -> news.add(new Noticed(after.name(), Notice.DISBELIEVED, what)));
        }
        if (!is.survivors().equals(was.survivors())) {
            is.survivors()
                    .ifPresent(
                            names -> news.add(new Noticed(after.name(), Notice.SURVIVED, names)));
        }
        return news;
    }

    private static Optional<Noticed> health(Health was, Health is, String name) {
        if (is.failures() > 0 && was.failures() == 0) {
            return Optional.of(new Noticed(name, Notice.UNHEALTHY, is.complaint()));
        }
        if (is.isDoubtful() && !was.isDoubtful()) {
            return Optional.of(new Noticed(name, Notice.HEALTH_UNKNOWN, is.complaint()));
        }
        boolean again = was.failures() > 0 || was.isDoubtful();
        return is.isGood() && !is.isDoubtful() && again
                ? Optional.of(new Noticed(name, Notice.HEALTHY, ""))
                : Optional.empty();
    }

    /** The first readiness of a run is a state change, not a notice. */
    private static Optional<Noticed> condition(
            RunHealth.Condition was, RunHealth.Condition is, String name) {
        return switch (is) {
            case RELOADING -> Optional.of(new Noticed(name, Notice.RELOADING, ""));
            case LEAVING -> Optional.of(new Noticed(name, Notice.LEAVING, ""));
            case NORMAL ->
                    was == RunHealth.Condition.RELOADING
                            ? Optional.of(new Noticed(name, Notice.READY, ""))
                            : Optional.empty();
        };
    }
}
