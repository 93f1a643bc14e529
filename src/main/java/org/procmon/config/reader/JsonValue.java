package org.procmon.config.reader;

import java.util.List;
import java.util.Map;

/** A JSON value and the offset in the file at which it starts. */
sealed interface JsonValue {
    int offset();

    /** Its kind, for "found …". */
    String kind();

    record Text(int offset, String value) implements JsonValue {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** A number, as it is written. */
    record Numeral(int offset, String text) implements JsonValue {
        @Override
        public String kind() {
            return "a number";
        }
    }

    record Flag(int offset, boolean value) implements JsonValue {
        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    record Nothing(int offset) implements JsonValue {
        @Override
        public String kind() {
            return "null";
        }
    }

    /**
     * An array.
     *
     * @param whole false if the file breaks off inside it
     */
    record Items(int offset, List<JsonValue> values, boolean whole) implements JsonValue {
        @Override
        public String kind() {
            return "an array";
        }
    }

    /**
     * An object.
     *
     * @param members in the order of the file; if a key is given twice, the first
     * @param whole false if the file breaks off inside it
     */
    record Members(int offset, Map<String, Member> members, boolean whole) implements JsonValue {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /**
     * A key and its value.
     *
     * @param offset where the key starts
     */
    record Member(int offset, JsonValue value) {}
}
