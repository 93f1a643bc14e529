package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.config.Document;

/** Substitutes words such as {@code $(user)} in the values of strings. Any other text stays. */
final class Template {
    private static final String SIGN = "$(";

    private final Map<String, String> words;

    /**
     * @param words what stands for each, without the sign and the parentheses
     */
    Template(Map<String, String> words) {
        this.words = Map.copyOf(words);
    }

    /** The words of an included file: {@code $(filename)}, {@code $(user)} and {@code $(group)}. */
    static Template of(Document document) {
        String file = String.valueOf(BytePath.of(document.path()).getFileName());
        int dot = file.lastIndexOf('.');
        return new Template(
                Map.of(
                        "filename",
                        dot <= 0 ? file : file.substring(0, dot),
                        "user",
                        document.user(),
                        "group",
                        document.group()));
    }

    JsonValue applied(JsonValue jsonValue) {
        return switch (jsonValue) {
            case JsonValue.Text text when text.value().contains(SIGN) ->
                    new JsonValue.Text(text.offset(), applied(text.value()));
            case JsonValue.Items items -> {
                List<JsonValue> values = new ArrayList<>();
                items.values().forEach(value -> values.add(applied(value)));
                yield new JsonValue.Items(items.offset(), values, items.whole());
            }
            case JsonValue.Members members -> {
                Map<String, JsonValue.Member> all = new LinkedHashMap<>();
                members.members()
                        .forEach((key, m) ->
                                all.put(key, new JsonValue.Member(m.offset(), applied(m.value()))));
                yield new JsonValue.Members(members.offset(), all, members.whole());
            }
            case JsonValue.Text _, JsonValue.Numeral _, JsonValue.Flag _, JsonValue.Nothing _ ->
                    jsonValue;
        };
    }

    /** Replaces all at once: what stands for a word is not looked at again. */
    String applied(String value) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int sign = value.indexOf(SIGN);
        while (sign >= 0) {
            int end = value.indexOf(')', sign);
            if (end < 0) {
                break;
            }
            String meaning = words.get(value.substring(sign + SIGN.length(), end));
            if (meaning != null) {
                out.append(value, copied, sign).append(meaning);
                copied = end + 1;
            }
            sign = value.indexOf(SIGN, sign + SIGN.length());
        }
        return out.append(value, copied, value.length()).toString();
    }
}
