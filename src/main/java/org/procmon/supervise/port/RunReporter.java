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
    public void tell(Event event) {
        reports.report(name, event);
    }

    public void say(Notification notification) {
        tell(new Event.Notified(run, notification));
    }

    public void ready() {
        tell(new Event.BecameReady(run));
    }

    public void looked(Optional<String> complaint) {
        tell(new Event.Probed(run, complaint));
    }
}
