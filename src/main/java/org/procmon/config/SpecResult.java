package org.procmon.config;

import java.util.List;

/** The result of reading a configuration file. */
public sealed interface SpecResult {
    /**
     * The file is valid.
     *
     * @param bundle what it was read from
     */
    record Valid(MonitorSpec spec, ConfigBundle bundle) implements SpecResult {}

    /**
     * The file cannot be used.
     *
     * @param problems at least one, in the order of the file; if there are too many, the last says
     *     how many more
     */
    record Invalid(List<Problem> problems) implements SpecResult {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
