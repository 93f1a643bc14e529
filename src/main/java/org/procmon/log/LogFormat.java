package org.procmon.log;

import java.util.Locale;
import java.util.Optional;

/** How the log is written: the values of {@code --log-format}. */
public enum LogFormat {
    /** {@code time LEVEL area: event key=value}. */
    TEXT,
    /** One JSON object a line. */
    JSON;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word of the command line. */
    public String word() {
        return word;
    }

    /** Empty if there is no such format. */
    public static Optional<LogFormat> of(String word) {
        for (LogFormat format : values()) {
            if (format.word.equals(word)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
