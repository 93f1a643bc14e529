package org.procmon.control.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.control.protocol.Method.Parameter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * One call. Source: the Varlink protocol, "Method Call".
 *
 * @param method the full name of the method
 * @param names its processes or patterns; empty when none is given
 * @param waits whether the reply waits for the outcome; {@code true} by default
 * @param timeoutMs how long it may wait, in milliseconds; empty for no limit
 * @param signal {@code signal}; empty when not given
 * @param interfaceName {@code interface}; empty when not given
 * @param output {@code stream}, {@code lines}, {@code position} and {@code follow}
 * @param since {@code since}; empty when not given
 * @param onBehalf {@code on_behalf}; empty when not given
 * @param dryRun {@code dry_run}
 * @param instances {@code instances}
 * @param rolling {@code rolling}
 * @param usage {@code usage}
 * @param force {@code force}
 * @param oneway whether the client expects no reply
 * @param more whether the client accepts more than one reply
 * @param given a bit for each given parameter
 * @param invalid the first parameter that is unknown or has the wrong type; empty if all are valid
 * @param excess what exceeds the limits of a call, in words; empty if nothing does. The call leaves
 *     it out
 */
public record Call(
        String method,
        List<String> names,
        boolean waits,
        OptionalLong timeoutMs,
        String signal,
        String interfaceName,
        OutputQuery output,
        OptionalLong since,
        Optional<OnBehalf> onBehalf,
        boolean dryRun,
        int instances,
        boolean rolling,
        boolean usage,
        boolean force,
        boolean oneway,
        boolean more,
        int given,
        String invalid,
        String excess) {
    /** The most different names in a call. */
    static final int MOST_NAMES = 4096;

    /** The longest name, glob or other text in a call, in characters. */
    public static final int LONGEST_TEXT = 256;

    /** A call of a method that takes names, or none. */
    public static Call of(Method method, List<String> names, Wait wait) {
        return new CallBuilder(method, names).wait(wait).call();
    }

    /** A call that restarts processes one after the other. */
    public static Call rolling(List<String> names, Wait wait) {
        return new CallBuilder(Method.RESTART, names).wait(wait).rolling().call();
    }

    /** A call that deletes processes; by force, also if other processes depend on them. */
    public static Call delete(List<String> names, Wait wait, boolean force) {
        return new CallBuilder(Method.DELETE, names).wait(wait).force(force).call();
    }

    /** A call for one process, or those of several names, with resource usage. */
    public static Call using(Method method, List<String> names) {
        return new CallBuilder(method, names).usage().call();
    }

    /** A call that sends a signal. */
    public static Call signal(List<String> names, String signal) {
        return new CallBuilder(Method.SIGNAL, names).signal(signal).call();
    }

    /** A call that reads output; one that follows it accepts more than one reply. */
    public static Call output(String name, OutputQuery output) {
        return new CallBuilder(Method.READ_OUTPUT, List.of(name)).output(output).call();
    }

    /** A call that reloads the configuration. */
    public static Call reload(boolean dryRun) {
        return new CallBuilder(Method.RELOAD, List.of()).dryRun(dryRun).call();
    }

    /** A call that sets a number of instances. */
    public static Call scale(String name, int instances) {
        return new CallBuilder(Method.SCALE, List.of(name)).instances(instances).call();
    }

    /** A call for events, in more than one reply. */
    public static Call watch(OptionalLong since, List<String> names) {
        return new CallBuilder(Method.WATCH, names).since(since).call();
    }

    /** The same, on behalf of another user. */
    public Call onBehalfOf(Optional<OnBehalf> sender) {
        return new Call(
                method,
                names,
                waits,
                timeoutMs,
                signal,
                interfaceName,
                output,
                since,
                sender,
                dryRun,
                instances,
                rolling,
                usage,
                force,
                oneway,
                more,
                given,
                invalid,
                excess);
    }

    /** Whether the call has this parameter, with a value of the right type. */
    public boolean gives(Parameter parameter) {
        return (given & parameter.bit()) != 0;
    }

    /** Writes the call, with the values that differ from the defaults. */
    public void write(MessageBuffer buffer) {
        try (JsonGenerator json = Json.generator(buffer)) {
            new CallWriter(json).write(this);
        }
    }

    /**
     * Reads a call. A parameter of the wrong type does not make it fail, see {@link #invalid}.
     *
     * @throws JacksonException if it is not JSON or exceeds a limit
     * @throws NotACall if it is JSON, but not a call
     */
    public static Call read(byte[] bytes, int from, int length) throws NotACall {
        try (JsonParser json = Json.parser(bytes, from, length)) {
            return new CallReader(json).call();
        }
    }

    /** A message that is not a call; the rest of the stream is unusable. */
    public static final class NotACall extends Exception {
        private static final long serialVersionUID = 1;

        NotACall(String message) {
            super(message);
        }
    }
}
