package org.procmon.control.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A call in the making: everything at its default but what is set. One thread. */
final class CallDraft {
    private final Method method;
    private final List<String> names;
    private Wait wait = Wait.UNTIL_DONE;
    private String signal = "";
    private OutputQuery output = OutputQuery.LAST;
    private OptionalLong since = OptionalLong.empty();
    private boolean dryRun;
    private int instances;
    private boolean rolling;
    private boolean usage;
    private boolean force;
    private boolean more;

    CallDraft(Method method, List<String> names) {
        this.method = method;
        this.names = names;
    }

    CallDraft wait(Wait value) {
        wait = value;
        return this;
    }

    CallDraft signal(String value) {
        signal = value;
        return this;
    }

    CallDraft output(OutputQuery value) {
        output = value;
        more = value.follow();
        return this;
    }

    CallDraft since(OptionalLong value) {
        since = value;
        more = true;
        return this;
    }

    CallDraft dryRun(boolean value) {
        dryRun = value;
        return this;
    }

    CallDraft instances(int value) {
        instances = value;
        return this;
    }

    CallDraft usage() {
        usage = true;
        return this;
    }

    CallDraft force(boolean value) {
        force = value;
        return this;
    }

    CallDraft rolling() {
        rolling = true;
        return this;
    }

    Call call() {
        return new Call(
                method.wireName(),
                names,
                wait.waits(),
                wait.timeoutMs(),
                signal,
                "",
                output,
                since,
                Optional.empty(),
                dryRun,
                instances,
                rolling,
                usage,
                force,
                false,
                more,
                0,
                "",
                "");
    }
}
