package org.procmon.cli;

import org.jspecify.annotations.Nullable;

/** The options that change how a command is done. */
enum Option {
    JSON("--json", "", "the rich form, as JSON"),
    FORMAT("-o", "FORMAT", "json: the list with six keys, as JSON"),
    NO_WAIT("--no-wait", "", "do not wait for the outcome"),
    TIMEOUT("--timeout", "DURATION", "give up after DURATION, such as 30s; none for no limit"),
    ROLLING("--rolling", "", "one after the other, each up before the next goes"),
    FORCE("--force", "", "delete also what others depend on"),
    DRY_RUN("--dry-run", "", "only tell what would be done"),
    STRICT("--strict", "", "warnings are errors"),
    FOLLOW("-f", "", "go on with what is written"),
    LINES("-n", "N", "so many last lines, 50 by default, but at most 64 KiB"),
    STDERR("--stderr", "", "what is written to standard error"),
    NO_BACKUP("--no-backup", "", "run one process only"),
    TAKE_OVER("--take-over", "", "replace the monitor that runs; no process notices"),
    STATE_DIR("--state-dir", "DIR", "the state folder of the monitor"),
    VERBOSE("-v", "", "tell more"),
    HELP("-h", "", "show this help"),
    LONG_HELP("--help", "", ""),
    VERSION("--version", "", "show the version"),
    /** The meaning of {@code -d}: what others depend on is deleted with a warning. */
    WARN_ONLY("--warn-only", "", ""),
    /** The meaning of {@code -F}. */
    FROM_PRIMARY("--from-primary", "", ""),
    /** For the backup: the pid of the primary. */
    STANDBY("--standby", "PID", ""),
    /** The listening socket is descriptor 0, and the locked file the one of this number. */
    INHERITED("--inherited", "DESCRIPTOR", ""),
    /** The program that ran before in this process gave way to a newer one. */
    RENEWED("--renewed", "", "");

    final String flag;
    final String value;
    final String summary;

    Option(String flag, String value, String summary) {
        this.flag = flag;
        this.value = value;
        this.summary = summary;
    }

    /** Whether people need not know of it. */
    boolean isHidden() {
        return summary.isEmpty();
    }

    static @Nullable Option ofFlag(String flag) {
        for (Option option : values()) {
            if (option.flag.equals(flag)) {
                return option;
            }
        }
        return null;
    }
}
