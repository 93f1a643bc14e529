package org.procmon.status.fields;

import java.util.ArrayList;
import java.util.List;

/** What the interface description and the reference have to say of a table. */
final class FieldPages {
    private static final int WIDTH = 100;

    private FieldPages() {}

    /** Its type, with a comment for each field. */
    static String varlink(FieldTable<?> table) {
        List<String> fields = new ArrayList<>();
        for (Field<?, ?> field : table.fields()) {
            String unit = field.unit().isEmpty() ? "" : " (" + field.unit() + ")";
            String comment = wrapped(field.description().replace("`", "") + unit);
            fields.add(comment + "  " + field.name() + ": " + field.type().varlink());
        }
        return "type " + table.name() + " (\n" + String.join(",\n", fields) + "\n)\n";
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder("  #");
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder("  #");
            }
            line.append(' ').append(word);
        }
        return lines.append(line).append('\n').toString();
    }

    /** Its table in docs/reference/fields.md. */
    static String reference(FieldTable<?> table) {
        boolean shown = table.fields().stream().anyMatch(field -> field.shown().isPresent());
        StringBuilder page = new StringBuilder();
        page.append(
                shown
                        ? "| field | type | unit | in `status` | meaning |\n|---|---|---|---|---|\n"
                        : "| field | type | unit | meaning |\n|---|---|---|---|\n");
        for (Field<?, ?> field : table.fields()) {
            page.append("| `").append(field.name()).append("` | `");
            page.append(field.type().varlink()).append("` | ").append(field.unit()).append(" | ");
            if (shown) {
                page.append(label(field)).append(" | ");
            }
            page.append(field.description()).append(" |\n");
        }
        return page.toString().replace("|  |", "| |").replace("|  |", "| |");
    }

    private static <R, V> String label(Field<R, V> field) {
        return field.shown().map(Field.Shown::label).orElse("");
    }
}
