package org.procmon.supervise;

import org.procmon.lifecycle.Supervised;
import org.procmon.spec.Signal;

/**
 * Tells an observer of all that it is told, in the same order, but only when there is time: for
 * those who do no more than pass it on. Loop thread only.
 */
public final class LaterObserver implements Observer {
    private final Observer observer;
    private final Afterwards afterwards = new Afterwards();

    public LaterObserver(Observer observer) {
        this.observer = observer;
    }

    @Override
    public void settled() {
        afterwards.doAll();
        observer.settled();
    }

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
