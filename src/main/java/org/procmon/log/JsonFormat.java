package org.procmon.log;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One JSON object a line: {@code time}, {@code level}, {@code area}, {@code event}, {@code message}
 * and the keys of the event.
 */
final class JsonFormat implements LineFormat {
    private static final Set<String> OWN_KEYS = Set.of("time", "level", "area", "event", "message");

    private final LineTime time;

    /**
     * @param time whether the line has systemd's priority in front
     */
    JsonFormat(LineTime time) {
        this.time = time;
    }

    @Override
    public String line(LogLine line) {
        LineText text = new LineText();
        if (time == LineTime.JOURNAL) {
            text.plain(LineTime.priority(line.level()));
        }
        text.plain("{\"time\":\"").plain(LineTime.utc(line.wallMillis())).plain("\"");
        string(text, "level", line.level().name().toLowerCase(Locale.ROOT));
        string(text, "area", line.area());
        string(text, "event", line.event());
        string(text, "message", line.message());
        for (LogField field : line.fields()) {
            field(text, field);
        }
        Throwable failure = line.failure();
        if (failure != null) {
            string(text, "error", LogField.cut(failure.toString()));
            string(
                    text,
                    "stack",
                    StackText.lines(failure).stream()
                            .map(String::strip)
                            .collect(Collectors.joining("\n")));
        }
        return text.plain("}\n").toString();
    }

    private static void field(LineText text, LogField field) {
        String key = OWN_KEYS.contains(field.key()) ? field.key() + "_" : field.key();
        if (field.plain() && text.hasRoomFor(key.length() + field.value().length() + 4)) {
            text.plain(",\"").plain(key).plain("\":").plain(field.value());
        } else {
            string(text, key, field.value());
        }
    }

    private static void string(LineText text, String key, String value) {
        if (text.hasRoomFor(key.length() + 6)) {
            text.plain(",\"").plain(key).plain("\":").quoted(value);
        }
    }
}
