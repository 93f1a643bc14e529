package org.procmon.spec;

import java.util.List;
import java.util.Map;

/** A JSON value and the offset in the file at which it starts. */
sealed interface Node {
    int offset();

    /** What it is, for "found …". */
    String kind();

    record Text(int offset, String value) implements Node {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** A number, as it is written. */
    record Numeral(int offset, String text) implements Node {
        @Override
        public String kind() {
            return "a number";
        }
    }

    record Flag(int offset, boolean value) implements Node {
        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    record Nothing(int offset) implements Node {
        @Override
        public String kind() {
            return "null";
        }
    }

    /**
     * An array.
     *
     * @param whole false when the file breaks off inside it
     */
    record Items(int offset, List<Node> values, boolean whole) implements Node {
        @Override
        public String kind() {
            return "an array";
        }
    }

    /**
     * An object.
     *
     * @param members in the order of the file; of a key given twice, the first
     * @param whole false when the file breaks off inside it
     */
    record Members(int offset, Map<String, Member> members, boolean whole) implements Node {
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
    record Member(int offset, Node value) {}
}
