package org.procmon.supervise.port;

import org.procmon.config.Signal;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;

/** Is notified of every change of a process. Called on the loop's thread; returns at once. */
@FunctionalInterface
public interface Observer {
    void changed(ProcessStatus before, ProcessView after);

    /** A shutdown starts. */
    default void shuttingDown() {}

    /** A reload has changed the description of a process, with immediate effect. */
    default void reconfigured(ProcessView view) {}

    /** A run was sent its signal to reload. */
    default void signaled(ProcessView view, Signal signal) {}

    /** An essential process has exited, so a shutdown starts. */
    default void essentialIsOver(ProcessView view) {}

    /** The loop has time now: a run that was to be started is up, or nothing is left to be done. */
    default void settled() {}

    /** Notifies this observer, then another. */
    default Observer and(Observer next) {
        return new Observer() {
            @Override
            public void changed(ProcessStatus before, ProcessView after) {
                Observer.this.changed(before, after);
                next.changed(before, after);
            }

            @Override
            public void reconfigured(ProcessView view) {
                Observer.this.reconfigured(view);
                next.reconfigured(view);
            }

            @Override
            public void signaled(ProcessView view, Signal signal) {
                Observer.this.signaled(view, signal);
                next.signaled(view, signal);
            }

            @Override
            public void essentialIsOver(ProcessView view) {
                Observer.this.essentialIsOver(view);
                next.essentialIsOver(view);
            }

            @Override
            public void shuttingDown() {
                Observer.this.shuttingDown();
                next.shuttingDown();
            }

            @Override
            public void settled() {
                Observer.this.settled();
                next.settled();
            }
        };
    }
}
