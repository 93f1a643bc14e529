package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.Exec;
import org.procmon.config.ShellWords;

/** Reads {@code exec}: a command line, or an array of words. */
final class ExecReader {
    private static final Exec BAD = new Exec("?", List.of("?"));

    private final Problems problems;

    ExecReader(Problems problems) {
        this.problems = problems;
    }

    /** The key {@code exec} of an object, which is required. */
    Exec read(ObjectReader object, String complaint) {
        JsonValue jsonValue = object.required("exec", complaint);
        return jsonValue == null ? BAD : read(jsonValue, "exec");
    }

    /** The value of a key. */
    Exec read(JsonValue jsonValue, String key) {
        if (jsonValue instanceof JsonValue.Text text) {
            return fromLine(key, text);
        }
        if (jsonValue instanceof JsonValue.Items items) {
            return fromWords(key, items);
        }
        problems.wrongKind("'" + key + "'", "a string or an array of strings", jsonValue);
        return BAD;
    }

    private Exec fromLine(String key, JsonValue.Text line) {
        if (!StringCheck.check(key, line, problems)) {
            return BAD;
        }
        try {
            return checked(key, line.value(), ShellWords.split(line.value()), line);
        } catch (ShellWords.Unfinished e) {
            problems.addInside(line, e.index(), "'" + key + "' " + e.getMessage());
            return BAD;
        }
    }

    private Exec fromWords(String key, JsonValue.Items items) {
        List<String> words = new ArrayList<>();
        boolean good = items.whole();
        for (JsonValue jsonValue : items.values()) {
            if (jsonValue instanceof JsonValue.Text text) {
                good &= StringCheck.check(key, text, problems);
                words.add(text.value());
            } else {
                problems.wrongKind("each word of '" + key + "'", "a string", jsonValue);
                good = false;
            }
        }
        return good ? checked(key, ShellWords.join(words), words, items) : BAD;
    }

    private Exec checked(String key, String text, List<String> words, JsonValue jsonValue) {
        if (words.isEmpty()) {
            problems.add(jsonValue.offset(), "'" + key + "' is empty");
            return BAD;
        }
        if (words.getFirst().isEmpty()) {
            problems.add(
                    jsonValue.offset(), "'" + key + "' names no program: its first word is empty");
            return BAD;
        }
        return new Exec(text, words);
    }
}
