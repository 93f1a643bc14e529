package org.procmon.cli;

import org.jspecify.annotations.Nullable;

/** The options that change how a command is executed. */
enum Option {
    JSON("--json", "", "all fields, as JSON"),
    FORMAT("-o", "FORMAT", "json: the list with six keys, as JSON"),
    STATE("--state", "STATE", "only processes in this state; several with commas"),
    SORT("--sort", "KEY", "by cpu, mem, name or up"),
    WIDE("--wide", "", "all columns whole, and the command"),
    WATCH("--watch", "", "show the table again every two seconds"),
    NO_WAIT("--no-wait", "", "do not wait for the outcome"),
    TIMEOUT("--timeout", "DURATION", "give up after DURATION, such as 30s; none for no limit"),
    QUIET("-q", "", "say nothing unless something fails"),
    ROLLING("--rolling", "", "one after the other, each up before the next stops"),
    FORCE("--force", "", "also if other processes depend on it"),
    DRY_RUN("--dry-run", "", "only show what would be done"),
    MERMAID("--mermaid", "", "in the language of Mermaid"),
    STRICT("--strict", "", "warnings are errors"),
    FOLLOW("-f", "", "keep printing new output"),
    LINES("-n", "N", "number of lines, 50 by default, at most 64 KiB"),
    SINCE("--since", "TIME", "only lines since then: 1h, or 2026-11-29T17:35:00Z"),
    GREP("--grep", "RE", "only lines in which the regular expression is found"),
    STDERR("--stderr", "", "standard error instead of standard output"),
    PROFILE("--profile", "NAME", "also processes of this profile; several with commas"),
    LISTEN("--listen", "ADDRESS", "where to listen, 127.0.0.1:8080 by default"),
    STATIC("--static", "DIRECTORY", "also serve the files of a directory"),
    IDLE_TIMEOUT("--idle-timeout", "DURATION", "stop an application after DURATION without work"),
    NO_BACKUP("--no-backup", "", "run one monitor only"),
    TAKE_OVER("--take-over", "", "replace the monitor that runs; no process is restarted"),
    LOG_FORMAT("--log-format", "FORMAT", "text or json, for the log of the monitor"),
    STATE_DIR("--state-dir", "DIR", "the state directory of the monitor"),
    VERBOSE("-v", "", "verbose"),
    HELP("-h", "", "show this help"),
    LONG_HELP("--help", "", ""),
    VERSION("--version", "", "show the version"),
    /** The meaning of a short form: what upstream's program does and prints. */
    UPSTREAM("--upstream", "", ""),
    /** The meaning of {@code -F}. */
    FROM_PRIMARY("--from-primary", "", ""),
    /** For the backup: the pid of the primary. */
    STANDBY("--standby", "PID", ""),
    /** The listening socket is descriptor 0; the value is the descriptor of the lock file. */
    INHERITED("--inherited", "DESCRIPTOR", ""),
    /** A socket on which another monitor passes on the listeners of pools. */
    LISTENERS("--listeners", "DESCRIPTOR", ""),
    /** This process ran another version of the program before. */
    RENEWED("--renewed", "", "");

    final String flag;
    final String value;
    final String summary;

    Option(String flag, String value, String summary) {
        this.flag = flag;
        this.value = value;
        this.summary = summary;
    }

    /** Whether the help leaves it out. */
    boolean isHidden() {
        return summary.isEmpty();
    }

    /** Whether it is about the table of {@code list}, which the short form has not. */
    boolean isOfTable() {
        return this == STATE || this == SORT || this == WIDE || this == WATCH;
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
