package org.procmon.spec;

import java.util.List;

/**
 * An entry of {@code processes} as it was read. What was wrong in it has its default here, so that
 * the checks across entries can go on.
 *
 * @param idOffset where its name stands; -1 if it has none
 */
record Entry(ProcessSpec spec, int idOffset, List<Need> needs) {
    /** A dependency and where its name stands. */
    record Need(Dependency dependency, int offset) {}

    boolean isNamed() {
        return idOffset >= 0;
    }
}
