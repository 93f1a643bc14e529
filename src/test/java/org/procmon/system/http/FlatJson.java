package org.procmon.system.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as values by their path, such as {@code result.frames.0.url}. */
final class FlatJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, String> values = new HashMap<>();

    /** Where the value is that comes next; an index counts, a key is set. */
    private final Deque<String> path = new ArrayDeque<>();

    private FlatJson() {}

    static Map<String, String> read(String text) {
        FlatJson flat = new FlatJson();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                flat.take(token, parser);
            }
        }
        return flat.values;
    }

    /** JSON's own writing of a text. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private void take(JsonToken token, JsonParser parser) {
        if (token == JsonToken.PROPERTY_NAME) {
            path.removeLast();
            path.addLast(parser.currentName());
        } else if (token.isStructEnd()) {
            path.removeLast();
            next();
        } else if (token.isStructStart()) {
            values.put(String.join(".", path), "");
            path.addLast("0");
        } else {
            values.put(String.join(".", path), parser.getString());
            next();
        }
    }

    private void next() {
        if (!path.isEmpty() && path.getLast().chars().allMatch(Character::isDigit)) {
            path.addLast("" + (Integer.parseInt(path.removeLast()) + 1));
        }
    }
}
