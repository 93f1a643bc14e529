package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Map;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;

/**
 * A short program that is run on behalf of a process, such as a probe or a hook. It is none of the
 * process's runs.
 *
 * @param of the process, whose user, limits, folder and variables it has
 * @param exec the program
 * @param input what it finds on its standard input
 * @param limit how long it may take; it is killed with its whole group then
 * @param more variables beside those of the process
 */
public record HelperCommand(
        ProcessSpec of, Exec exec, String input, Duration limit, Map<String, String> more) {
    public HelperCommand {
        more = Map.copyOf(more);
    }

    /** With the variables of the process alone. */
    public HelperCommand(ProcessSpec of, Exec exec, String input, Duration limit) {
        this(of, exec, input, limit, Map.of());
    }

    /** With nothing on its standard input. */
    public HelperCommand(ProcessSpec of, Exec exec, Duration limit) {
        this(of, exec, "", limit);
    }

    /** What became of it. */
    public sealed interface Outcome {
        record Ended(ExitStatus status) implements Outcome {}

        /** It was killed, since it had not ended within its limit. */
        record TimedOut() implements Outcome {}

        record NotStarted(StartError error) implements Outcome {}
    }
}
