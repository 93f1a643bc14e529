package org.procmon.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration, key by key. What is missing or wrong yields the default; what is
 * wrong is reported, once.
 */
final class Section {
    static final String DURATION =
            "a number of seconds or a duration such as \"500ms\" or \"1h30m\"";

    static final String SIZE = "a number of bytes or a size such as \"10MB\" or \"64KiB\"";

    private final Node.Members object;
    private final Problems problems;

    /** Opens the object, and reports unknown keys and keys without a value. */
    Section(Node.Members object, Keys keys, Problems problems) {
        this.object = object;
        this.problems = problems;
        for (Map.Entry<String, Node.Member> entry : object.members().entrySet()) {
            String key = entry.getKey();
            Node.Member member = entry.getValue();
            if (!keys.known().contains(key)) {
                problems.add(member.offset(), () -> keys.complaint("key", key));
            } else if (member.value() instanceof Node.Nothing nothing) {
                problems.add(nothing.offset(), "'" + key + "' has no value");
            }
        }
    }

    int offset() {
        return object.offset();
    }

    boolean has(String key) {
        return object.members().containsKey(key);
    }

    /** The value of a key; null if there is none, or the word {@code null}. */
    @Nullable Node value(String key) {
        Node.Member member = object.members().get(key);
        return member == null || member.value() instanceof Node.Nothing ? null : member.value();
    }

    /** The value of a key that must be there; where the file breaks off, it might have followed. */
    @Nullable Node required(String key, String complaint) {
        if (object.whole() && !has(key)) {
            problems.add(object.offset(), complaint);
        }
        return value(key);
    }

    Node.@Nullable Text text(String key) {
        return asText(value(key), key, "a string");
    }

    Node.@Nullable Text asText(@Nullable Node node, String key, String expected) {
        if (node instanceof Node.Text text) {
            return text;
        }
        if (node != null) {
            problems.wrongKind("'" + key + "'", expected, node);
        }
        return null;
    }

    Node.@Nullable Members object(String key) {
        Node node = value(key);
        if (node instanceof Node.Members members) {
            return members;
        }
        if (node != null) {
            problems.wrongKind("'" + key + "'", "an object", node);
        }
        return null;
    }

    /** The values of an array; a single value of any other kind counts as an array of it. */
    List<Node> oneOrMore(String key) {
        Node node = value(key);
        if (node == null) {
            return List.of();
        }
        return node instanceof Node.Items items ? items.values() : List.of(node);
    }

    List<Node> items(String key, String expected) {
        Node node = value(key);
        if (node instanceof Node.Items items) {
            return items.values();
        }
        if (node != null) {
            problems.wrongKind("'" + key + "'", expected, node);
        }
        return List.of();
    }

    boolean flag(String key, boolean otherwise) {
        Node node = value(key);
        if (node instanceof Node.Flag flag) {
            return flag.value();
        }
        if (node instanceof Node.Text text) {
            switch (text.value()) {
                case "true" -> {
                    return true;
                }
                case "false" -> {
                    return false;
                }
                default -> problems.badText("'" + key + "'", "true or false", text);
            }
        } else if (node != null) {
            problems.wrongKind("'" + key + "'", "true or false", node);
        }
        return otherwise;
    }

    Duration duration(String key, Duration otherwise) {
        Node node = value(key);
        if (node == null) {
            return otherwise;
        }
        double seconds;
        if (node instanceof Node.Numeral numeral) {
            seconds = Double.parseDouble(numeral.text());
        } else if (node instanceof Node.Text text) {
            seconds = DurationText.seconds(text.value());
            if (Double.isNaN(seconds)) {
                problems.badText("'" + key + "'", DURATION, text);
                return otherwise;
            }
        } else {
            problems.wrongKind("'" + key + "'", DURATION, node);
            return otherwise;
        }
        String complaint = durationComplaint(seconds);
        if (complaint != null) {
            problems.add(node.offset(), "'" + key + "' " + complaint);
            return otherwise;
        }
        return DurationText.ofSeconds(seconds);
    }

    /** A duration, or {@code "infinity"} for {@link DurationText#FOREVER}. */
    Duration limit(String key, Duration otherwise) {
        return value(key) instanceof Node.Text text && text.value().equals(DurationText.INFINITY)
                ? DurationText.FOREVER
                : duration(key, otherwise);
    }

    /** A whole number, also one written as a string. */
    int count(String key, int least, int most, int otherwise) {
        Node node = value(key);
        if (node == null) {
            return otherwise;
        }
        double number = Double.NaN;
        if (node instanceof Node.Numeral numeral) {
            number = Double.parseDouble(numeral.text());
        } else if (node instanceof Node.Text text) {
            number = plainNumber(text.value());
        } else {
            problems.wrongKind("'" + key + "'", "a whole number", node);
            return otherwise;
        }
        if (number >= least && number <= most && number == Math.rint(number)) {
            return (int) number;
        }
        problems.add(
                node.offset(),
                "'" + key + "' must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    /** A number of bytes. */
    long size(String key, long otherwise) {
        Node node = value(key);
        if (node == null) {
            return otherwise;
        }
        double bytes;
        if (node instanceof Node.Numeral numeral) {
            bytes = Double.parseDouble(numeral.text());
        } else if (node instanceof Node.Text text) {
            // A share of a byte, as in 1.1kB, is a matter of the arithmetic.
            bytes = Math.rint(SizeText.bytes(text.value()));
        } else {
            problems.wrongKind("'" + key + "'", SIZE, node);
            return otherwise;
        }
        if (Double.isNaN(bytes) || bytes != Math.rint(bytes)) {
            problems.add(
                    node.offset(),
                    () -> "'" + key + "' must be " + SIZE + ", found " + written(node));
            return otherwise;
        }
        return (long) bytes;
    }

    private static String written(Node node) {
        return switch (node) {
            case Node.Text text -> "\"" + Problems.shown(text.value()) + "\"";
            case Node.Numeral numeral -> Problems.shown(numeral.text());
            case Node.Flag _, Node.Nothing _, Node.Items _, Node.Members _ -> node.kind();
        };
    }

    /** What is wrong with a duration of so many seconds, or null. */
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
        Node node = value(key);
        if (node == null) {
            return otherwise;
        }
        double number = Double.NaN;
        if (node instanceof Node.Numeral numeral) {
            number = Double.parseDouble(numeral.text());
        } else if (node instanceof Node.Text text) {
            number = plainNumber(text.value());
        } else {
            problems.wrongKind("'" + key + "'", "a number", node);
            return otherwise;
        }
        if (number >= least && number <= most) {
            return number;
        }
        problems.add(
                node.offset(),
                "'" + key + "' must be a number from " + (long) least + " to " + (long) most);
        return otherwise;
    }

    /** A number without a unit; a duration of seconds is spelt just so. */
    private static double plainNumber(String text) {
        boolean unit = text.isEmpty() || Character.isLetter(text.charAt(text.length() - 1));
        return unit ? Double.NaN : DurationText.seconds(text);
    }
}
