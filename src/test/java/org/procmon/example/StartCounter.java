package org.procmon.example;

import java.util.Map;
import java.util.TreeMap;
import org.procmon.lifecycle.Phase;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;

/** A feature as small as can be: it counts the starts of processes. Loop thread only. */
public final class StartCounter implements Feature {
    private final Map<String, Integer> starts = new TreeMap<>();

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition transition
                && transition.before().state().phase() != Phase.RUNNING
                && transition.after().process().state().phase() == Phase.RUNNING) {
            starts.merge(transition.after().name(), 1, Integer::sum);
        }
    }

    /** How often each process was started, by its name. */
    public Map<String, Integer> starts() {
        return Map.copyOf(starts);
    }
}
