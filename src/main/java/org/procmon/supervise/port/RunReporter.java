package org.procmon.supervise.port;

import java.util.Optional;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Notification;

/**
 * Reports events of one run to the loop. Any thread.
 *
 * @param name the process
 * @param run the run's number
 */
public record RunReporter(RunReportListener reports, String name, long run) {
    public void report(Event event) {
        reports.report(name, event);
    }

    public void notified(Notification notification) {
        report(new Event.Notified(run, notification));
    }

    public void ready() {
        report(new Event.BecameReady(run));
    }

    public void probed(Optional<String> complaint) {
        report(new Event.Probed(run, complaint));
    }
}
