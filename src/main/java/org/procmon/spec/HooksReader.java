package org.procmon.spec;

import java.time.Duration;
import java.util.Optional;

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

    Hooks read(Section process) {
        Node.Members object = process.object("hooks");
        if (object == null) {
            return Hooks.DEFAULT;
        }
        Section hooks = new Section(object, Keys.HOOKS, problems);
        Hooks read =
                new Hooks(
                        hook(hooks, "before_start"),
                        hook(hooks, "after_stop"),
                        hook(hooks, "on_failure"));
        return read.equals(Hooks.DEFAULT) ? Hooks.DEFAULT : read;
    }

    private Optional<Hook> hook(Section hooks, String key) {
        Node node = hooks.value(key);
        return switch (node) {
            case null -> Optional.empty();
            case Node.Members object -> Optional.of(hook(new Section(object, Keys.HOOK, problems)));
            case Node.Text _, Node.Items _ ->
                    Optional.of(new Hook(execs.read(node, key), Hook.USUAL_TIMEOUT));
            case Node.Numeral _, Node.Flag _, Node.Nothing _ -> {
                problems.wrongKind("'" + key + "'", COMMAND, node);
                yield Optional.empty();
            }
        };
    }

    private Hook hook(Section hook) {
        Exec exec = execs.read(hook, "hook has no 'exec'");
        Duration timeout = hook.limit("timeout", Hook.USUAL_TIMEOUT);
        Node given = hook.value("timeout");
        if (given != null && timeout.isZero()) {
            problems.add(given.offset(), "'timeout' must be longer than 0");
        }
        return new Hook(exec, timeout);
    }
}
