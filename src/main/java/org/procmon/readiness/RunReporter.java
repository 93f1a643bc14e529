package org.procmon.readiness;

import java.util.Optional;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Notification;
import org.procmon.supervise.RunReportListener;

/**
 * Tells the loop of one run. Any thread.
 *
 * @param name the process
 * @param run the run's number
 */
record RunReporter(RunReportListener reports, String name, long run) {
    void tell(Event event) {
        reports.report(name, event);
    }

    void say(Notification notification) {
        tell(new Event.Notified(run, notification));
    }

    void ready() {
        tell(new Event.BecameReady(run));
    }

    void looked(Optional<String> complaint) {
        tell(new Event.Probed(run, complaint));
    }
}
