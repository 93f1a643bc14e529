package org.procmon.config.reader;

import java.util.Iterator;
import java.util.Map;

/** A tree as text, with a key in each line. */
final class JsonText {
    private static final String INDENT = "  ";
    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String of(JsonValue value) {
        JsonText json = new JsonText();
        json.append(value, "\n");
        return json.text.append('\n').toString();
    }

    private void append(JsonValue value, String line) {
        switch (value) {
            case JsonValue.Text string -> quote(string.value());
            case JsonValue.Numeral number -> text.append(number.text());
            case JsonValue.Flag flag -> text.append(flag.value());
            case JsonValue.Nothing _ -> text.append("null");
            case JsonValue.Items items -> append(items, line);
            case JsonValue.Members object -> append(object, line);
        }
    }

    private void append(JsonValue.Items items, String line) {
        String inner = line + INDENT;
        text.append('[');
        Iterator<JsonValue> values = items.values().iterator();
        while (values.hasNext()) {
            JsonValue value = values.next();
            boolean isObject = value instanceof JsonValue.Members;
            text.append(isObject ? inner : text.charAt(text.length() - 1) == ',' ? " " : "");
            append(value, inner);
            text.append(values.hasNext() ? "," : "");
        }
        text.append(']');
    }

    private void append(JsonValue.Members object, String line) {
        String inner = line + INDENT;
        text.append('{');
        Iterator<Map.Entry<String, JsonValue.Member>> members =
                object.members().entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, JsonValue.Member> member = members.next();
            text.append(inner);
            quote(member.getKey());
            text.append(": ");
            append(member.getValue().value(), inner);
            text.append(members.hasNext() ? "," : "");
        }
        text.append(line).append('}');
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || Character.isSurrogate(c)) {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
