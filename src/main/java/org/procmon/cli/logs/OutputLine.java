package org.procmon.cli.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.procmon.control.protocol.StandardStream;

/**
 * A line of output.
 *
 * @param text without its end
 * @param millis when it was written, in milliseconds since 1970; of a line without a time of its
 *     own, that of the line before; empty if no time is known
 * @param stamp how many characters at its beginning are that time; 0 if it has none of its own
 */
record OutputLine(
        String process, StandardStream stream, String text, OptionalLong millis, int stamp) {
    /** As the monitor writes it for {@code "timestamps": true}. */
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z .*");

    private static final int LENGTH = "2026-11-20T12:26:23.112Z".length();

    /**
     * @param before the time of the line before in its stream
     */
    static OutputLine of(String process, StandardStream stream, String text, OptionalLong before) {
        if (text.length() > LENGTH && TIME.matcher(text).matches()) {
            try {
                long millis = Instant.parse(text.substring(0, LENGTH)).toEpochMilli();
                // Within a stream the order is that of the stream, also if the clock was set back.
                return new OutputLine(
                        process,
                        stream,
                        text,
                        OptionalLong.of(Math.max(millis, before.orElse(millis))),
                        LENGTH + 1);
            } catch (DateTimeException _) {
                // The program wrote something that only looks like a time.
            }
        }
        return new OutputLine(process, stream, text, before, 0);
    }

    Instant at() {
        return Instant.ofEpochMilli(millis.orElse(0));
    }

    /** The text without its time. */
    String message() {
        return text.substring(stamp);
    }
}
