package org.procmon.config.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;
import org.procmon.config.SizeText;

/**
 * Reads one object of the configuration, key by key. Missing and wrong values yield the default;
 * each wrong value is reported once.
 */
final class ObjectReader {
    static final String DURATION =
            "a number of seconds or a duration such as \"500ms\" or \"1h30m\"";

    static final String SIZE = "a number of bytes or a size such as \"10MB\" or \"64KiB\"";

    private final JsonValue.Members object;
    private final Problems problems;

    /** Opens the object, and reports unknown keys and keys without a value. */
    ObjectReader(JsonValue.Members object, Keys keys, Problems problems) {
        this.object = object;
        this.problems = problems;
        for (Map.Entry<String, JsonValue.Member> entry : object.members().entrySet()) {
            String key = entry.getKey();
            JsonValue.Member member = entry.getValue();
            if (!keys.known().contains(key)) {
                problems.add(member.offset(), () -> keys.complaint("key", key));
            } else if (member.value() instanceof JsonValue.Nothing nothing) {
                problems.add(nothing.offset(), "'" + key + "' has no value");
            }
        }
    }

    int offset() {
        return object.offset();
    }

    /** The place of a key's value; that of the object if the key is missing. */
    int offset(String key) {
        JsonValue.Member member = object.members().get(key);
        return member == null ? offset() : member.value().offset();
    }

    boolean has(String key) {
        return object.members().containsKey(key);
    }

    /** The value of a key; null if it is missing or {@code null}. */
    @Nullable JsonValue value(String key) {
        JsonValue.Member member = object.members().get(key);
        return member == null || member.value() instanceof JsonValue.Nothing
                ? null
                : member.value();
    }

    /** The value of a required key; if the file breaks off, the key might have followed. */
    @Nullable JsonValue required(String key, String complaint) {
        if (object.whole() && !has(key)) {
            problems.add(object.offset(), complaint);
        }
        return value(key);
    }

    JsonValue.@Nullable Text text(String key) {
        return asText(value(key), key, "a string");
    }

    JsonValue.@Nullable Text asText(@Nullable JsonValue node, String key, String expected) {
        if (node instanceof JsonValue.Text text) {
            return text;
        }
        if (node != null) {
            problems.wrongKind("'" + key + "'", expected, node);
        }
        return null;
    }

    JsonValue.@Nullable Members object(String key) {
        JsonValue jsonValue = value(key);
        if (jsonValue instanceof JsonValue.Members members) {
            return members;
        }
        if (jsonValue != null) {
            problems.wrongKind("'" + key + "'", "an object", jsonValue);
        }
        return null;
    }

    /** The values of an array; a single value of any other kind counts as an array of it. */
    List<JsonValue> oneOrMore(String key) {
        JsonValue jsonValue = value(key);
        if (jsonValue == null) {
            return List.of();
        }
        return jsonValue instanceof JsonValue.Items items ? items.values() : List.of(jsonValue);
    }

    List<JsonValue> items(String key, String expected) {
        JsonValue jsonValue = value(key);
        if (jsonValue instanceof JsonValue.Items items) {
            return items.values();
        }
        if (jsonValue != null) {
            problems.wrongKind("'" + key + "'", expected, jsonValue);
        }
        return List.of();
    }

    /** The objects of an array; anything else in it is reported. */
    List<JsonValue.Members> objects(String key) {
        List<JsonValue.Members> objects = new ArrayList<>();
        for (JsonValue value : items(key, "an array")) {
            if (value instanceof JsonValue.Members members) {
                objects.add(members);
            } else {
                problems.wrongKind("each entry of '" + key + "'", "an object", value);
            }
        }
        return objects;
    }

    boolean flag(String key, boolean otherwise) {
        JsonValue jsonValue = value(key);
        if (jsonValue instanceof JsonValue.Flag flag) {
            return flag.value();
        }
        if (jsonValue instanceof JsonValue.Text text) {
            switch (text.value()) {
                case "true" -> {
                    return true;
                }
                case "false" -> {
                    return false;
                }
                default -> problems.badText("'" + key + "'", "true or false", text);
            }
        } else if (jsonValue != null) {
            problems.wrongKind("'" + key + "'", "true or false", jsonValue);
        }
        return otherwise;
    }

    Duration duration(String key, Duration otherwise) {
        JsonValue jsonValue = value(key);
        if (jsonValue == null) {
            return otherwise;
        }
        double seconds;
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            seconds = Double.parseDouble(numeral.text());
        } else if (jsonValue instanceof JsonValue.Text text) {
            seconds = DurationText.seconds(text.value());
            if (Double.isNaN(seconds)) {
                problems.badText("'" + key + "'", DURATION, text);
                return otherwise;
            }
        } else {
            problems.wrongKind("'" + key + "'", DURATION, jsonValue);
            return otherwise;
        }
        String complaint = durationComplaint(seconds);
        if (complaint != null) {
            problems.add(jsonValue.offset(), "'" + key + "' " + complaint);
            return otherwise;
        }
        return DurationText.ofSeconds(seconds);
    }

    /** A duration, or {@code "infinity"} for {@link DurationText#FOREVER}. */
    Duration limit(String key, Duration otherwise) {
        return value(key) instanceof JsonValue.Text text
                        && text.value().equals(DurationText.INFINITY)
                ? DurationText.FOREVER
                : duration(key, otherwise);
    }

    /** A whole number, also one written as a string. */
    int count(String key, int least, int most, int otherwise) {
        JsonValue jsonValue = value(key);
        if (jsonValue == null) {
            return otherwise;
        }
        double number = Double.NaN;
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            number = Double.parseDouble(numeral.text());
        } else if (jsonValue instanceof JsonValue.Text text) {
            number = plainNumber(text.value());
        } else {
            problems.wrongKind("'" + key + "'", "a whole number", jsonValue);
            return otherwise;
        }
        if (number >= least && number <= most && number == Math.rint(number)) {
            return (int) number;
        }
        problems.add(
                jsonValue.offset(),
                "'" + key + "' must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    /** A number of bytes. */
    long size(String key, long otherwise) {
        JsonValue jsonValue = value(key);
        if (jsonValue == null) {
            return otherwise;
        }
        double bytes;
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            bytes = Double.parseDouble(numeral.text());
        } else if (jsonValue instanceof JsonValue.Text text) {
            // A fraction of a byte, as in 1.1kB, comes from rounding.
            bytes = Math.rint(SizeText.bytes(text.value()));
        } else {
            problems.wrongKind("'" + key + "'", SIZE, jsonValue);
            return otherwise;
        }
        if (Double.isNaN(bytes) || bytes != Math.rint(bytes)) {
            problems.add(
                    jsonValue.offset(),
                    () -> "'" + key + "' must be " + SIZE + ", found " + written(jsonValue));
            return otherwise;
        }
        return (long) bytes;
    }

    private static String written(JsonValue jsonValue) {
        return switch (jsonValue) {
            case JsonValue.Text text -> "\"" + Problems.shown(text.value()) + "\"";
            case JsonValue.Numeral numeral -> Problems.shown(numeral.text());
            case JsonValue.Flag _, JsonValue.Nothing _, JsonValue.Items _, JsonValue.Members _ ->
                    jsonValue.kind();
        };
    }

    /** The message about a duration of this many seconds, or null if it is valid. */
    static @Nullable String durationComplaint(double seconds) {
        if (seconds < 0) {
            return "must not be negative";
        }
        return seconds > DurationText.LONGEST.toSeconds()
                ? "is longer than " + DurationText.LONGEST.toDays() + " days"
                : null;
    }

    /** A number, also one written as a string. */
    double number(String key, double least, double most, double otherwise) {
        JsonValue jsonValue = value(key);
        if (jsonValue == null) {
            return otherwise;
        }
        double number = Double.NaN;
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            number = Double.parseDouble(numeral.text());
        } else if (jsonValue instanceof JsonValue.Text text) {
            number = plainNumber(text.value());
        } else {
            problems.wrongKind("'" + key + "'", "a number", jsonValue);
            return otherwise;
        }
        if (number >= least && number <= most) {
            return number;
        }
        problems.add(
                jsonValue.offset(),
                "'" + key + "' must be a number from " + (long) least + " to " + (long) most);
        return otherwise;
    }

    /** A number without a unit; it has the syntax of a duration in seconds. */
    private static double plainNumber(String text) {
        boolean unit = text.isEmpty() || Character.isLetter(text.charAt(text.length() - 1));
        return unit ? Double.NaN : DurationText.seconds(text);
    }
}
