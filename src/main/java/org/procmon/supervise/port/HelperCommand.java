package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Map;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;

/**
 * A short program that runs on behalf of a process, such as a probe or a hook. It is not a run of
 * the process.
 *
 * @param of the process; the program has its user, limits, working directory and variables
 * @param exec the program
 * @param input its standard input
 * @param limit its timeout; then it is killed with its whole group
 * @param more variables beside those of the process
 */
public record HelperCommand(
        ProcessSpec of, Exec exec, String input, Duration limit, Map<String, String> more) {
    public HelperCommand {
        more = Map.copyOf(more);
    }

    /** With only the variables of the process. */
    public HelperCommand(ProcessSpec of, Exec exec, String input, Duration limit) {
        this(of, exec, input, limit, Map.of());
    }

    /** With empty standard input. */
    public HelperCommand(ProcessSpec of, Exec exec, Duration limit) {
        this(of, exec, "", limit);
    }

    /** The result. */
    public sealed interface Outcome {
        record Ended(ExitStatus status) implements Outcome {}

        /** It exceeded its timeout and was killed. */
        record TimedOut() implements Outcome {}

        record NotStarted(StartError error) implements Outcome {}
    }
}
