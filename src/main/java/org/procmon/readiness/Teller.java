package org.procmon.readiness;

import java.util.Optional;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Saying;
import org.procmon.supervise.Reports;

/**
 * Tells the loop of one run. Any thread.
 *
 * @param name the process
 * @param run the run's number
 */
record Teller(Reports reports, String name, long run) {
    void tell(Event event) {
        reports.report(name, event);
    }

    void say(Saying saying) {
        tell(new Event.Told(run, saying));
    }

    void ready() {
        tell(new Event.BecameReady(run));
    }

    void looked(Optional<String> complaint) {
        tell(new Event.Looked(run, complaint));
    }
}
