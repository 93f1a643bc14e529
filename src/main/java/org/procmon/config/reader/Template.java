package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.config.Document;

/**
 * Substitutes an included file's own words: {@code $(filename)}, {@code $(user)} and {@code
 * $(group)}, in the values of strings. Any other {@code $(…)} stays.
 */
final class Template {
    private static final String SIGN = "$(";

    private final String name;
    private final Document document;

    Template(Document document) {
        this.document = document;
        String file = String.valueOf(BytePath.of(document.path()).getFileName());
        int dot = file.lastIndexOf('.');
        this.name = dot <= 0 ? file : file.substring(0, dot);
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

    private String applied(String value) {
        return value.replace("$(filename)", name)
                .replace("$(user)", document.user())
                .replace("$(group)", document.group());
    }
}
