package org.procmon.cli;

import org.jspecify.annotations.Nullable;

/** The options that change how a command is done. */
enum Option {
    JSON("--json", "", "the rich form, as JSON"),
    FORMAT("-o", "FORMAT", "json: the list with six keys, as JSON"),
    NO_WAIT("--no-wait", "", "do not wait for the outcome"),
    TIMEOUT("--timeout", "DURATION", "wait for so long at most, such as 30s"),
    NO_BACKUP("--no-backup", "", "run one process only"),
    STATE_DIR("--state-dir", "DIR", "the state folder of the monitor"),
    VERBOSE("-v", "", "tell more"),
    HELP("-h", "", "show this help"),
    LONG_HELP("--help", "", ""),
    VERSION("--version", "", "show the version");

    final String flag;
    final String value;
    final String summary;

    Option(String flag, String value, String summary) {
        this.flag = flag;
        this.value = value;
        this.summary = summary;
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
