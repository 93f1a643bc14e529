package org.procmon.supervise;

import org.procmon.config.Signal;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Observer;

/**
 * Passes notifications on to an observer, in the same order, but only when the loop has time; for
 * observers that only forward them. Loop thread only.
 */
public final class DeferredObserver implements Observer {
    private final Observer observer;
    private final DeferredTasks deferredTasks = new DeferredTasks();

    public DeferredObserver(Observer observer) {
        this.observer = observer;
    }

    @Override
    public void settled() {
        deferredTasks.doAll();
        observer.settled();
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        deferredTasks.add(() -> observer.changed(before, after));
    }

    @Override
    public void shuttingDown() {
        deferredTasks.add(observer::shuttingDown);
    }

    @Override
    public void reconfigured(ProcessView view) {
        deferredTasks.add(() -> observer.reconfigured(view));
    }

    @Override
    public void signaled(ProcessView view, Signal signal) {
        deferredTasks.add(() -> observer.signaled(view, signal));
    }

    @Override
    public void essentialIsOver(ProcessView view) {
        deferredTasks.add(() -> observer.essentialIsOver(view));
    }
}
