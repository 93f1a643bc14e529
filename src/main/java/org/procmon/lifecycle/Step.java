package org.procmon.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * The result of an event.
 *
 * @param next the process after it
 * @param effects the effects to perform, in order
 */
public record Step(ProcessStatus next, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }

    static Step to(ProcessStatus next, Effect... effects) {
        return new Step(next, List.of(effects));
    }

    /** The same, with one more effect before the others. */
    Step after(Effect first) {
        List<Effect> all = new ArrayList<>(effects.size() + 1);
        all.add(first);
        all.addAll(effects);
        return new Step(next, all);
    }
}
