package org.procmon.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.BytePath;

/**
 * Puts an included file's own words in: {@code $(filename)}, {@code $(user)} and {@code $(group)},
 * in the values of strings. Any other {@code $(…)} stays.
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

    Node applied(Node node) {
        return switch (node) {
            case Node.Text text when text.value().contains(SIGN) ->
                    new Node.Text(text.offset(), applied(text.value()));
            case Node.Items items -> {
                List<Node> values = new ArrayList<>();
                items.values().forEach(value -> values.add(applied(value)));
                yield new Node.Items(items.offset(), values, items.whole());
            }
            case Node.Members members -> {
                Map<String, Node.Member> all = new LinkedHashMap<>();
                members.members()
                        .forEach((key, m) ->
                                all.put(key, new Node.Member(m.offset(), applied(m.value()))));
                yield new Node.Members(members.offset(), all, members.whole());
            }
            case Node.Text _, Node.Numeral _, Node.Flag _, Node.Nothing _ -> node;
        };
    }

    private String applied(String value) {
        return value.replace("$(filename)", name)
                .replace("$(user)", document.user())
                .replace("$(group)", document.group());
    }
}
