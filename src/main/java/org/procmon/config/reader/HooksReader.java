package org.procmon.config.reader;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.Exec;
import org.procmon.config.Hook;
import org.procmon.config.Hooks;

/** Reads {@code hooks}. */
final class HooksReader {
    private static final String COMMAND =
            "a string, an array of strings, or an object with 'exec' and 'timeout'";

    private final ExecReader execs;
    private final Problems problems;

    HooksReader(ExecReader execs, Problems problems) {
        this.execs = execs;
        this.problems = problems;
    }

    Hooks read(ObjectReader process) {
        JsonValue.Members object = process.object("hooks");
        if (object == null) {
            return Hooks.DEFAULT;
        }
        ObjectReader hooks = new ObjectReader(object, Keys.HOOKS, problems);
        Hooks read =
                new Hooks(
                        hook(hooks, "before_start"),
                        hook(hooks, "after_stop"),
                        hook(hooks, "on_failure"));
        return read.equals(Hooks.DEFAULT) ? Hooks.DEFAULT : read;
    }

    private Optional<Hook> hook(ObjectReader hooks, String key) {
        JsonValue jsonValue = hooks.value(key);
        return switch (jsonValue) {
            case null -> Optional.empty();
            case JsonValue.Members object ->
                    Optional.of(hook(new ObjectReader(object, Keys.HOOK, problems)));
            case JsonValue.Text _, JsonValue.Items _ ->
                    Optional.of(new Hook(execs.read(jsonValue, key), Hook.USUAL_TIMEOUT));
            case JsonValue.Numeral _, JsonValue.Flag _, JsonValue.Nothing _ -> {
                problems.wrongKind("'" + key + "'", COMMAND, jsonValue);
                yield Optional.empty();
            }
        };
    }

    private Hook hook(ObjectReader hook) {
        Exec exec = execs.read(hook, "hook has no 'exec'");
        Duration timeout = hook.limit("timeout", Hook.USUAL_TIMEOUT);
        JsonValue given = hook.value("timeout");
        if (given != null && timeout.isZero()) {
            problems.add(given.offset(), "'timeout' must be longer than 0");
        }
        return new Hook(exec, timeout);
    }
}
