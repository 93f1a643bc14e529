package org.procmon.launch.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.posix.Environment;

/**
 * How a run is started.
 *
 * @param argv the program, after the tools that set up the child if there are any
 * @param environment what every child gets
 * @param more variables of its own
 * @param cwd the directory in which the first program starts
 * @param owner the user that the fifos of its output are given to; empty for the monitor's own
 */
public record LaunchPlan(
        List<String> argv,
        Environment environment,
        Map<String, String> more,
        Optional<String> cwd,
        OptionalInt owner) {
    /** With further variables, which replace those of the same name. */
    public LaunchPlan with(Map<String, String> variables) {
        if (variables.isEmpty()) {
            return this;
        }
        Map<String, String> all = new HashMap<>(more);
        all.putAll(variables);
        return new LaunchPlan(argv, environment, all, cwd, owner);
    }
}
