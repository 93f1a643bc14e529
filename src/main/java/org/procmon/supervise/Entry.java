package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import org.procmon.lifecycle.Supervised;
import org.procmon.spec.ProcessSpec;

/**
 * One process in the table, with those who wait for something to become of it. Loop thread only.
 */
final class Entry {
    final ProcessSpec spec;
    Supervised process;

    /** The entries whose specification depends on this one, in the order of the configuration. */
    final List<Entry> dependents = new ArrayList<>();

    final List<Pursuit> pursuits = new ArrayList<>();

    Entry(ProcessSpec spec, Supervised process) {
        this.spec = spec;
        this.process = process;
    }

    String name() {
        return spec.id();
    }

    boolean isAlive() {
        return process.state().phase().isAlive();
    }
}
