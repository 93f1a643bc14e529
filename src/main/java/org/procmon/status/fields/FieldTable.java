package org.procmon.status.fields;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The keys of one kind of JSON object, in the order in which they are written.
 *
 * @param <R> the record for such an object
 */
public final class FieldTable<R> {
    private final String name;
    private final List<Field<R, ?>> fields;

    /** The same fields; the fastest way through them, which each row of each list takes. */
    private final Field<R, ?>[] inOrder;

    private final Map<String, Field<R, ?>> byName;
    private final Function<FieldValues, R> maker;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private FieldTable(String name, List<Field<R, ?>> fields, Function<FieldValues, R> maker) {
        this.name = name;
        this.fields = List.copyOf(fields);
        this.maker = maker;
        inOrder = fields.toArray(new Field[0]);
        byName = HashMap.newHashMap(fields.size());
        for (Field<R, ?> field : fields) {
            if (byName.put(field.name(), field) != null) {
                throw new IllegalArgumentException(
                        "the table of %s has the key %s twice".formatted(name, field.name()));
            }
        }
    }

    /** Collects the fields of a table. */
    public static final class Builder<R> {
        private final String name;
        private final List<Field<R, ?>> fields = new ArrayList<>(32);

        /** Of objects with this Varlink type. */
        public Builder(String name) {
            this.name = name;
        }

        /** Continues a table. */
        Builder(FieldTable<R> table) {
            this(table.name);
            fields.addAll(table.fields);
        }

        /** Adds a field after those before. */
        public <V> Field<R, V> field(String key, FieldType<V> type, Field.Getter<R, V> getter) {
            Field<R, V> field = new Field<>(fields.size(), key, type, getter);
            fields.add(field);
            return field;
        }

        /** The table of these fields, with what makes a record of their values. */
        public FieldTable<R> table(Function<FieldValues, R> maker) {
            return new FieldTable<>(name, fields, maker);
        }
    }

    /** The name of its Varlink type. */
    String name() {
        return name;
    }

    List<Field<R, ?>> fields() {
        return fields;
    }

    /** The record of an object without keys. */
    R blank() {
        return maker.apply(new FieldValues(fields.size()));
    }

    /** Writes the object of a record. */
    public void write(JsonGenerator json, R from) {
        json.writeStartObject();
        for (Field<R, ?> field : inOrder) {
            field.write(json, from);
        }
        json.writeEndObject();
    }

    /**
     * Reads the object whose {@code START_OBJECT} the parser is at. Unknown keys are skipped, so
     * that a newer monitor can add some. A key of the wrong type causes an exception of Jackson's.
     */
    public R read(JsonParser json) {
        FieldValues values = new FieldValues(fields.size());
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            Field<R, ?> field = byName.get(key);
            if (field == null) {
                json.skipChildren();
            } else {
                values.put(field, field.read(json));
            }
        }
        return maker.apply(values);
    }

    /**
     * A line for people.
     *
     * @param label what it is about
     * @param words not yet safe for a terminal
     */
    public record Line(String label, String words) {}

    /** The lines of {@code procmon status} for a record. */
    public List<Line> lines(R from) {
        List<Field<R, ?>> shown = new ArrayList<>(fields.size());
        for (Field<R, ?> field : fields) {
            if (field.shown().isPresent()) {
                shown.add(field);
            }
        }
        shown.sort(Comparator.comparingInt(field -> field.shown().orElseThrow().place()));
        List<Line> lines = new ArrayList<>(shown.size());
        for (Field<R, ?> field : shown) {
            addLine(lines, field, from);
        }
        return lines;
    }

    private static <R, V> void addLine(List<Line> lines, Field<R, V> field, R from) {
        @Nullable V value = field.of(from);
        if (value != null) {
            Field.Shown<R, V> shown = field.shown().orElseThrow();
            String words = shown.words().of(from, value);
            if (!words.isEmpty()) {
                lines.add(new Line(shown.label(), words));
            }
        }
    }
}
