package org.procmon.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.MessageFormatter;

/**
 * An event of the log.
 *
 * @param area the part of procmon that it comes from
 * @param words what happened; {@code {process}} in it stands for the value of that key
 * @param failure the exception to show with its stack, if any
 */
record LogLine(
        long wallMillis,
        Level level,
        String area,
        String words,
        List<LogField> fields,
        @Nullable Throwable failure) {
    /** The key of the process that an event is about. */
    static final String PROCESS = "process";

    LogLine {
        words = LogField.cut(words);
        fields = List.copyOf(fields);
    }

    static LogLine of(String area, LoggingEvent event, long wallMillis) {
        List<LogField> fields = new ArrayList<>();
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                fields.add(LogField.of(pair.key, pair.value));
            }
        }
        return new LogLine(
                wallMillis,
                event.getLevel(),
                area,
                words(event.getMessage(), event.getArgumentArray()),
                fields,
                event.getThrowable());
    }

    /** The message with its arguments, as libraries write it. */
    static String words(@Nullable String message, Object @Nullable [] arguments) {
        String text = String.valueOf(message);
        return arguments == null || arguments.length == 0
                ? text
                : String.valueOf(MessageFormatter.basicArrayFormat(text, arguments));
    }

    Optional<String> value(String key) {
        for (LogField field : fields) {
            if (field.key().equals(key)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /** The words alone, which are the same for each event of a kind. */
    String event() {
        StringBuilder event = new StringBuilder(words);
        for (LogField field : fields) {
            remove(event, '{' + field.key() + '}');
        }
        return event.toString().strip();
    }

    private static void remove(StringBuilder text, String part) {
        int at = text.indexOf(part);
        if (at >= 0) {
            boolean follows = at > 0 && text.charAt(at - 1) == ' ';
            text.delete(follows ? at - 1 : at, at + part.length());
        }
    }

    /**
     * Passes on the words and the values among them, in their order.
     *
     * @param own gets words
     * @param value gets the value of a key
     */
    void message(Consumer<String> own, Consumer<String> value) {
        int from = 0;
        for (int open = words.indexOf('{'); open >= 0; open = words.indexOf('{', open + 1)) {
            int close = words.indexOf('}', open);
            Optional<String> known =
                    close < 0 ? Optional.empty() : value(words.substring(open + 1, close));
            if (known.isPresent()) {
                own.accept(words.substring(from, open));
                value.accept(known.get());
                from = close + 1;
            }
        }
        own.accept(words.substring(from));
    }

    /** The words with the values among them. */
    String message() {
        StringBuilder message = new StringBuilder();
        message(message::append, message::append);
        return message.toString();
    }

    /** Whether the value of this key stands among the words. */
    boolean isAmongWords(LogField field) {
        return words.contains('{' + field.key() + '}');
    }

    LogLine with(LogField... more) {
        List<LogField> all = new ArrayList<>(fields);
        all.addAll(List.of(more));
        return new LogLine(wallMillis, level, area, words, all, failure);
    }

    LogLine at(long millis) {
        return new LogLine(millis, level, area, words, fields, failure);
    }
}
