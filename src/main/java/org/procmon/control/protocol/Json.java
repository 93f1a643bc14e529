package org.procmon.control.protocol;

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
    public static final int DEEPEST_NESTING = 64;

    /**
     * The longest property name. The parser caches some thousands of the names that it has seen,
     * from any sender.
     */
    private static final int LONGEST_PROPERTY = 128;

    /** How many sets of buffers are kept between messages. */
    private static final int BUFFERS = 8;

    private static final char REPLACEMENT = '\uFFFD';

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

    /** Writes a value as {@link #property} does. */
    public static void string(JsonGenerator json, String value) {
        json.writeString(loneSurrogate(value, 0) < 0 ? value : wellFormed(value));
    }

    private static String wellFormed(String text) {
        StringBuilder whole = new StringBuilder(text);
        int at = loneSurrogate(whole, 0);
        while (at >= 0) {
            whole.setCharAt(at, REPLACEMENT);
            at = loneSurrogate(whole, at + 1);
        }
        return whole.toString();
    }

    private static int loneSurrogate(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
