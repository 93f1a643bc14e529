package org.procmon.supervise;

import org.procmon.lifecycle.Supervised;
import org.procmon.spec.Signal;

/** Tells an observer of all that it is told, but afterwards. */
record LaterObserver(Observer observer, Afterwards afterwards) implements Observer {
    @Override
    public void changed(Supervised before, ProcessView after) {
        afterwards.add(() -> observer.changed(before, after));
    }

    @Override
    public void shuttingDown() {
        afterwards.add(observer::shuttingDown);
    }

    @Override
    public void reconfigured(ProcessView view) {
        afterwards.add(() -> observer.reconfigured(view));
    }

    @Override
    public void signaled(ProcessView view, Signal signal) {
        afterwards.add(() -> observer.signaled(view, signal));
    }

    @Override
    public void essentialIsOver(ProcessView view) {
        afterwards.add(() -> observer.essentialIsOver(view));
    }
}
