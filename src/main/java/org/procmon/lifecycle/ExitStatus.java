package org.procmon.lifecycle;

import java.util.OptionalInt;
import org.procmon.config.Signal;
import org.procmon.config.SuccessExit;

/** How a run's first process exited; source: wait(2). */
public sealed interface ExitStatus {
    /**
     * It returned or called exit.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {}

    /**
     * A signal ended it.
     *
     * @param signal the signal's number
     */
    record Signaled(int signal) implements ExitStatus {}

    /** It exited while no monitor could see its status. It counts as a failure. */
    record Unknown() implements ExitStatus {}

    /**
     * Decodes the kernel's status.
     *
     * @param status as in wait(2); empty if the kernel does not report it
     */
    static ExitStatus of(OptionalInt status) {
        if (status.isEmpty()) {
            return new Unknown();
        }
        int signal = status.getAsInt() & 0x7f;
        return signal == 0 ? new Exited((status.getAsInt() >> 8) & 0xff) : new Signaled(signal);
    }

    /** Whether this counts as a success. */
    default boolean isSuccess(SuccessExit good) {
        return switch (this) {
            case Exited exited -> good.codes().contains(exited.code());
            case Signaled signaled ->
                    Signal.ofNumber(signaled.signal()).filter(good.signals()::contains).isPresent();
            case Unknown _ -> false;
        };
    }

    /** For people: {@code exited with code 1}, {@code was ended by SIGKILL}. */
    default String inWords() {
        return switch (this) {
            case Exited exited -> "exited with code " + exited.code();
            case Signaled signaled ->
                    "was ended by "
                            + Signal.ofNumber(signaled.signal())
                                    .map(s -> "SIG" + s.word())
                                    .orElse("signal " + signaled.signal());
            case Unknown _ -> "ended unseen, its exit status is unknown,";
        };
    }
}
