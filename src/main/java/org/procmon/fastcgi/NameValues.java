package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stream of name-value pairs (FastCGI specification, section 3.4): it is gathered from records
 * that may cut it anywhere, then read at once. A length below 128 is one byte, any other four bytes
 * with the top bit set:
 *
 * <pre>
 * | nameLength (1 or 4) | valueLength (1 or 4) | name | value |
 * </pre>
 *
 * Texts are ISO 8859-1, one char per byte, so that no byte is lost. For one thread.
 */
final class NameValues {
    private static final byte[] NONE = {};

    private final int maxBytes;
    private final int maxPairs;
    private byte[] bytes = NONE;
    private int length;
    private int at;

    /**
     * @param maxBytes the longest stream that is taken
     * @param maxPairs the most pairs that are taken
     */
    NameValues(int maxBytes, int maxPairs) {
        this.maxBytes = maxBytes;
        this.maxPairs = maxPairs;
    }

    /**
     * Takes what {@code in} has of the parser's present record.
     *
     * @throws FastCgiException if the stream is longer than it may be
     */
    void gather(RecordParser parser, ByteBuffer in) throws FastCgiException {
        int needed = length + parser.contentLeft();
        if (needed > maxBytes) {
            throw new FastCgiException("the name-value pairs exceed " + maxBytes + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, length == 0 ? needed : Math.min(2 * needed, maxBytes));
        }
        length += parser.take(in, bytes, length, parser.contentLeft());
    }

    /**
     * Reads the gathered stream; then this is empty again. Of pairs of one name the last wins.
     *
     * @return the pairs in the order of their arrival
     * @throws FastCgiException if a pair reaches beyond the end, or there are too many
     */
    Map<String, String> read() throws FastCgiException {
        Map<String, String> pairs = LinkedHashMap.newLinkedHashMap(32);
        int count = 0;
        at = 0;
        while (at < length) {
            if (++count > maxPairs) {
                throw new FastCgiException("there are more than " + maxPairs + " name-value pairs");
            }
            int nameLength = readLength();
            int valueLength = readLength();
            String name = readText(nameLength);
            pairs.put(name, readText(valueLength));
        }
        bytes = NONE;
        length = 0;
        return pairs;
    }

    private int readLength() throws FastCgiException {
        if (at < length && bytes[at] >= 0) {
            return bytes[at++];
        }
        if (length - at < 4) {
            throw new FastCgiException("a name-value pair is cut off in its lengths");
        }
        int value =
                ((bytes[at] & 0x7f) << 24)
                        | ((bytes[at + 1] & 0xff) << 16)
                        | ((bytes[at + 2] & 0xff) << 8)
                        | (bytes[at + 3] & 0xff);
        at += 4;
        return value;
    }

    private String readText(int textLength) throws FastCgiException {
        if (textLength > length - at) {
            throw new FastCgiException("a name-value pair is longer than its stream");
        }
        String text = new String(bytes, at, textLength, ISO_8859_1);
        at += textLength;
        return text;
    }

    /** Writes one pair, with the shortest form of each length. */
    static void write(ByteBuffer out, String name, String value) {
        writeLength(out, name.length());
        writeLength(out, value.length());
        out.put(name.getBytes(ISO_8859_1)).put(value.getBytes(ISO_8859_1));
    }

    private static void writeLength(ByteBuffer out, int textLength) {
        if (textLength < 128) {
            out.put((byte) textLength);
        } else {
            out.putInt(textLength | 0x8000_0000);
        }
    }
}
