package org.procmon.control.protocol;

import org.procmon.bytes.WellFormed;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** The only place that configures JSON: its limits, and output that any reader can decode. */
public final class Json {
    /** How deep a message may be nested. */
    static final int DEEPEST_NESTING = 64;

    /**
     * The longest property name. The parser caches some thousands of the names that it has seen,
     * from any sender.
     */
    private static final int LONGEST_PROPERTY = 128;

    private static final String NOTHING = "[]";

    /** How many sets of buffers are kept between messages. */
    private static final int BUFFERS = 8;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST_NESTING)
                                    .maxNameLength(LONGEST_PROPERTY)
                                    .build())
                    .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS))
                    .build();

    private Json() {}

    /** A parser of one message. It throws {@code JacksonException} on anything but JSON. */
    public static JsonParser parser(byte[] bytes, int from, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, from, length);
    }

    /** A generator into the buffer; its output is complete once it is closed. */
    public static JsonGenerator generator(MessageBuffer buffer) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), buffer);
    }

    /**
     * Writes a property with any value. Half a surrogate pair, which UTF-8 cannot encode, becomes
     * the replacement character.
     */
    public static void property(JsonGenerator json, String name, String value) {
        json.writeName(name);
        string(json, value);
    }

    /** One array of the elements of two, each of which may be empty. */
    public static String joined(String first, String second) {
        String between = first.equals(NOTHING) || second.equals(NOTHING) ? "" : ",";
        return first.startsWith("[") && second.startsWith("[")
                ? first.substring(0, first.length() - 1) + between + second.substring(1)
                : first;
    }

    /** Writes a value as {@link #property} does. */
    public static void string(JsonGenerator json, String value) {
        json.writeString(WellFormed.text(value));
    }
}
