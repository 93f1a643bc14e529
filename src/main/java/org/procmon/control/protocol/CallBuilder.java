package org.procmon.control.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds a call; values that are not set have their defaults. One thread. */
final class CallBuilder {
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

    CallBuilder(Method method, List<String> names) {
        this.method = method;
        this.names = names;
    }

    CallBuilder wait(Wait value) {
        wait = value;
        return this;
    }

    CallBuilder signal(String value) {
        signal = value;
        return this;
    }

    CallBuilder output(OutputQuery value) {
        output = value;
        more = value.follow();
        return this;
    }

    CallBuilder since(OptionalLong value) {
        since = value;
        more = true;
        return this;
    }

    CallBuilder dryRun(boolean value) {
        dryRun = value;
        return this;
    }

    CallBuilder instances(int value) {
        instances = value;
        return this;
    }

    CallBuilder usage() {
        usage = true;
        return this;
    }

    CallBuilder force(boolean value) {
        force = value;
        return this;
    }

    CallBuilder rolling() {
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
