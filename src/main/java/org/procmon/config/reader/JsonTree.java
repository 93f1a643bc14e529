package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Parses JSON (RFC 8259) with comments in the styles of Java and YAML and with trailing commas into
 * a tree of {@link JsonValue}s. It stops at the first syntax error and keeps the tree read so far.
 */
final class JsonTree {
    private static final int DEEPEST = 32;
    private static final int MOST_TOKENS = 1_000_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .build();

    private final Source source;
    private final Problems problems;
    private final JsonParser parser;

    /** The offsets at which the currently open containers start, the outermost first. */
    private final int[] open = new int[DEEPEST];

    private int depth;
    private int tokens;
    private boolean broken;

    /** The text of the current token, if it is a string, a number or a key. */
    private String text = "";

    private JsonTree(Source source, Problems problems, JsonParser parser) {
        this.source = source;
        this.problems = problems;
        this.parser = parser;
    }

    /**
     * The value in the file.
     *
     * @return null if there is none, which is reported as a problem
     */
    static @Nullable JsonValue read(Source source, Problems problems) {
        ObjectReadContext context = ObjectReadContext.empty();
        try (JsonParser parser = FACTORY.createParser(context, source.text(), 0, source.length())) {
            return new JsonTree(source, problems, parser).document();
        }
    }

    private @Nullable JsonValue document() {
        JsonToken first = next();
        if (first == null) {
            if (!broken) {
                problems.add(source.base(), "the file is empty");
            }
            return null;
        }
        JsonValue jsonValue = value(first);
        if (!broken && next() != null) {
            problems.add(offset(), "something follows the end of the configuration");
        }
        return jsonValue;
    }

    private JsonValue value(JsonToken token) {
        int at = offset();
        return switch (token) {
            case START_OBJECT -> object(at);
            case START_ARRAY -> array(at);
            case VALUE_STRING -> new JsonValue.Text(at, text);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Numeral(at, text);
            case VALUE_TRUE -> new JsonValue.Flag(at, true);
            case VALUE_FALSE -> new JsonValue.Flag(at, false);
            case VALUE_NULL -> new JsonValue.Nothing(at);
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IllegalStateException("JSON parser gave " + token + " for a value");
        };
    }

    private JsonValue object(int start) {
        Map<String, JsonValue.Member> members = new LinkedHashMap<>();
        if (!enter(start)) {
            return new JsonValue.Members(start, members, false);
        }
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_OBJECT) {
                depth--;
                return new JsonValue.Members(start, members, true);
            }
            String key = text;
            int at = token == null ? 0 : offset();
            JsonToken first = token == null ? null : next();
            if (first == null) {
                return new JsonValue.Members(start, members, false);
            }
            JsonValue.Member member = new JsonValue.Member(at, value(first));
            JsonValue.Member earlier = members.putIfAbsent(key, member);
            if (earlier != null) {
                problems.add(at, () -> givenTwice(key, earlier));
            }
            if (broken) {
                return new JsonValue.Members(start, members, false);
            }
        }
    }

    private String givenTwice(String key, JsonValue.Member earlier) {
        return "key '"
                + Problems.shown(key)
                + "' was already given in line "
                + source.line(earlier.offset());
    }

    private JsonValue array(int start) {
        List<JsonValue> values = new ArrayList<>();
        if (!enter(start)) {
            return new JsonValue.Items(start, values, false);
        }
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_ARRAY) {
                depth--;
                return new JsonValue.Items(start, values, true);
            }
            if (token == null) {
                return new JsonValue.Items(start, values, false);
            }
            values.add(value(token));
            if (broken) {
                return new JsonValue.Items(start, values, false);
            }
        }
    }

    private boolean enter(int start) {
        if (depth == DEEPEST) {
            problems.add(start, "nested deeper than " + DEEPEST + " levels");
            broken = true;
            return false;
        }
        open[depth++] = start;
        return true;
    }

    /** The next token; null at the end of the file and after a syntax error. */
    private @Nullable JsonToken next() {
        try {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.PROPERTY_NAME) {
                text = parser.currentName();
            } else if (token != null && token.isScalarValue()) {
                text = parser.getString();
            }
            if (++tokens > MOST_TOKENS) {
                problems.add(offset(), "more than " + MOST_TOKENS + " keys and values");
                broken = true;
                return null;
            }
            return token;
        } catch (JacksonException e) {
            broken = true;
            reportBroken(e);
            return null;
        }
    }

    private void reportBroken(JacksonException e) {
        if (e instanceof UnexpectedEndOfInputException) {
            String where =
                    depth == 0
                            ? "too early"
                            : "inside what starts in line " + source.line(open[depth - 1]);
            problems.add(source.end(), "broken JSON: the file ends " + where);
            return;
        }
        int at = source.base() + Math.clamp(e.getLocation().getCharOffset(), 0, source.length());
        problems.add(at, "broken JSON: " + Problems.harmless(inOurWords(e.getOriginalMessage())));
    }

    /** The parser's message without its description of the source and its advice to programmers. */
    private String inOurWords(String message) {
        String told = before(before(message, "\n"), ": enable `");
        String start = before(told, " at [Source");
        return start.equals(told) || depth == 0
                ? start
                : start + " in line " + source.line(open[depth - 1]) + ")";
    }

    private static String before(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private int offset() {
        return source.base() + (int) parser.currentTokenLocation().getCharOffset();
    }
}
