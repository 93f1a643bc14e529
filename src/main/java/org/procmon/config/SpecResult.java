package org.procmon.config;

import java.util.List;

/** What became of reading a configuration file. */
public sealed interface SpecResult {
    /**
     * The file is good.
     *
     * @param bundle what it was read from
     */
    record Valid(MonitorSpec spec, ConfigBundle bundle) implements SpecResult {}

    /**
     * The file cannot be used.
     *
     * @param problems at least one, in the order of the file; of too many, the last says how many
     *     more there are
     */
    record Invalid(List<Problem> problems) implements SpecResult {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
