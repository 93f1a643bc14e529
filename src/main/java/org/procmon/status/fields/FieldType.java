package org.procmon.status.fields;

import java.util.ArrayList;
import java.util.List;
import org.procmon.bytes.WellFormed;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * How the values of a field are written and read.
 *
 * @param <V> the values
 */
public abstract class FieldType<V> {
    /** Any text. */
    public static final FieldType<String> TEXT = new Text("string");

    /** A date and time of RFC 3339 in UTC. */
    static final FieldType<String> TIME = new Word("string");

    public static final FieldType<Integer> INT = new Int();
    static final FieldType<Long> LONG = new Whole();
    static final FieldType<Double> FLOAT = new Decimal();
    static final FieldType<Boolean> FLAG = new Flag();
    public static final FieldType<List<String>> TEXTS = new Texts();

    private final String varlink;
    private final V blank;

    private FieldType(String varlink, V blank) {
        this.varlink = varlink;
        this.blank = blank;
    }

    /** A text that is one of the words of a Varlink type. */
    public static FieldType<String> word(String varlink) {
        return new Word(varlink);
    }

    /** An object with the keys of a table. */
    static <T> FieldType<T> object(FieldTable<T> table) {
        return new Nested<>(table);
    }

    /** Several such objects. */
    public static <T> FieldType<List<T>> objects(FieldTable<T> table) {
        return new ManyNested<>(table);
    }

    /** The same, for a key that may be left out. */
    public final FieldType<V> optional() {
        return new Maybe<>(this);
    }

    /** Its type in the interface description. */
    String varlink() {
        return varlink;
    }

    /** Whether the key may be left out. */
    boolean isOptional() {
        return false;
    }

    /** The type of its values when they are there. */
    FieldType<V> present() {
        return this;
    }

    /** The value of a key that is not there. */
    V blank() {
        return blank;
    }

    abstract void write(JsonGenerator json, V value);

    /** Reads the value that the parser is at. */
    abstract V read(JsonParser json);

    /** The value for people. */
    String words(V value) {
        return value.toString();
    }

    private static final class Text extends FieldType<String> {
        Text(String varlink) {
            super(varlink, "");
        }

        @Override
        void write(JsonGenerator json, String value) {
            json.writeString(WellFormed.text(value));
        }

        @Override
        String read(JsonParser json) {
            return json.getString();
        }
    }

    /** A text that UTF-8 can always encode. */
    private static final class Word extends FieldType<String> {
        Word(String varlink) {
            super(varlink, "");
        }

        @Override
        void write(JsonGenerator json, String value) {
            json.writeString(value);
        }

        @Override
        String read(JsonParser json) {
            return json.getString();
        }
    }

    private static final class Int extends FieldType<Integer> {
        Int() {
            super("int", 0);
        }

        @Override
        void write(JsonGenerator json, Integer value) {
            json.writeNumber(value.intValue());
        }

        @Override
        Integer read(JsonParser json) {
            return json.getIntValue();
        }
    }

    private static final class Whole extends FieldType<Long> {
        Whole() {
            super("int", 0L);
        }

        @Override
        void write(JsonGenerator json, Long value) {
            json.writeNumber(value.longValue());
        }

        @Override
        Long read(JsonParser json) {
            return json.getLongValue();
        }
    }

    private static final class Decimal extends FieldType<Double> {
        Decimal() {
            super("float", 0.0);
        }

        @Override
        void write(JsonGenerator json, Double value) {
            json.writeNumber(value.doubleValue());
        }

        @Override
        Double read(JsonParser json) {
            return json.getDoubleValue();
        }
    }

    private static final class Flag extends FieldType<Boolean> {
        Flag() {
            super("bool", false);
        }

        @Override
        void write(JsonGenerator json, Boolean value) {
            json.writeBoolean(value);
        }

        @Override
        Boolean read(JsonParser json) {
            return json.getBooleanValue();
        }

        @Override
        String words(Boolean value) {
            return value ? "yes" : "no";
        }
    }

    private static final class Texts extends FieldType<List<String>> {
        Texts() {
            super("[]string", List.of());
        }

        @Override
        void write(JsonGenerator json, List<String> value) {
            json.writeStartArray();
            for (String text : value) {
                TEXT.write(json, text);
            }
            json.writeEndArray();
        }

        @Override
        List<String> read(JsonParser json) {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                texts.add(json.getString());
            }
            return texts;
        }

        @Override
        String words(List<String> value) {
            return String.join(", ", value);
        }
    }

    private static final class Nested<T> extends FieldType<T> {
        private final FieldTable<T> table;

        Nested(FieldTable<T> table) {
            super(table.name(), table.blank());
            this.table = table;
        }

        @Override
        void write(JsonGenerator json, T value) {
            table.write(json, value);
        }

        @Override
        T read(JsonParser json) {
            return table.read(json);
        }
    }

    private static final class ManyNested<T> extends FieldType<List<T>> {
        private final FieldTable<T> table;

        ManyNested(FieldTable<T> table) {
            super("[]" + table.name(), List.of());
            this.table = table;
        }

        @Override
        void write(JsonGenerator json, List<T> value) {
            json.writeStartArray();
            for (T one : value) {
                table.write(json, one);
            }
            json.writeEndArray();
        }

        @Override
        List<T> read(JsonParser json) {
            List<T> all = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                all.add(table.read(json));
            }
            return all;
        }
    }

    private static final class Maybe<V> extends FieldType<V> {
        private final FieldType<V> type;

        Maybe(FieldType<V> type) {
            super("?" + type.varlink(), type.blank());
            this.type = type;
        }

        @Override
        boolean isOptional() {
            return true;
        }

        @Override
        FieldType<V> present() {
            return type;
        }

        @Override
        void write(JsonGenerator json, V value) {
            type.write(json, value);
        }

        @Override
        V read(JsonParser json) {
            return type.read(json);
        }

        @Override
        String words(V value) {
            return type.words(value);
        }
    }
}
