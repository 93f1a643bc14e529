package org.procmon.events;

import java.util.List;
import java.util.Optional;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;

/** An event. Texts that are too long are cut when it is stored. */
public sealed interface MonitorEvent {
    /** The names that it is about: processes, patterns as a command gave them, or a monitor. */
    List<String> names();

    /** In words, for people; names are as they were given, so they may contain any character. */
    String text();

    /**
     * A process has entered another state.
     *
     * @param name the process, or the backup of the monitor
     * @param cause why, in words
     * @param pid the pid of its latest run; 0 before the first
     * @param run the number of its latest run
     * @param exit the exit status of its latest run; empty unless it has just exited
     */
    record Changed(
            String name,
            Phase from,
            Phase to,
            String cause,
            int pid,
            long run,
            Optional<ExitStatus> exit)
            implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String text() {
            return name + ": " + to.wireName() + ", " + cause;
        }
    }

    /**
     * A client has requested a change.
     *
     * @param method the request, such as {@code Restart}
     * @param names the processes that it names
     * @param caller the client
     * @param outcome the result
     * @param reason why it failed or was refused, in words; else empty
     */
    record Commanded(
            String method, List<String> names, Actor caller, Outcome outcome, String reason)
            implements MonitorEvent {
        public Commanded {
            names = List.copyOf(names);
        }

        @Override
        public String text() {
            return "command "
                    + method
                    + (names.isEmpty() ? "" : " " + String.join(" ", names))
                    + " of "
                    + caller.text()
                    + ": "
                    + outcome.wireName()
                    + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /**
     * A signal to the monitor has requested a change; its sender is unknown.
     *
     * @param method the request, such as {@code Reload}
     * @param signal in words, such as {@code SIGHUP}
     * @param reason why it failed, in words; else empty
     */
    record Signaled(String method, String signal, Outcome outcome, String reason)
            implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public String text() {
            return "command "
                    + method
                    + " of "
                    + signal
                    + ": "
                    + outcome.wireName()
                    + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /**
     * An event of a process that does not change its state.
     *
     * @param cause details, in words; may be empty
     */
    record Noticed(String name, Notice what, String cause) implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String text() {
            return name + ": " + what.words() + (cause.isEmpty() ? "" : ", " + cause);
        }
    }

    /** The result of a command. */
    enum Outcome {
        DONE,
        /** No client waited for the result. */
        ACCEPTED,
        FAILED,
        REFUSED;

        /** Its name in lower case, as clients see it. */
        public String wireName() {
            return switch (this) {
                case DONE -> "done";
                case ACCEPTED -> "accepted";
                case FAILED -> "failed";
                case REFUSED -> "refused";
            };
        }
    }

    /**
     * The monitor itself has started, or is about to exit.
     *
     * @param name the monitor
     * @param what in a few words: {@code took over}
     * @param cause why, in words; may be empty
     */
    record OfMonitor(String name, String what, String cause) implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String text() {
            return name + ": " + what + (cause.isEmpty() ? "" : ", " + cause);
        }
    }

    /**
     * Output of a process is being lost, or no longer is.
     *
     * @param reason in words
     * @param bytes how many were lost since the monitor started
     * @param failing whether output is still being lost
     */
    record OutputLost(String name, String reason, long bytes, boolean failing)
            implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String text() {
            return failing
                    ? name + ": output is being lost, " + reason
                    : name + ": output is kept again, " + bytes + " bytes were lost";
        }
    }

    /**
     * A hook of a process failed.
     *
     * @param hook which one, by its key
     * @param reason in words
     */
    record HookFailed(String name, String hook, String reason) implements MonitorEvent {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String text() {
            return name + ": hook " + hook + ", " + reason;
        }
    }
}
