package org.procmon.supervise;

import org.procmon.lifecycle.Supervised;

/** Is told of every change of a process. Called on the loop's thread; returns at once. */
@FunctionalInterface
public interface Observer {
    void changed(Supervised before, ProcessView after);
}
