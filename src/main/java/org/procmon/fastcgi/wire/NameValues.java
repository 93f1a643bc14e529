package org.procmon.fastcgi.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.http.RequestRefused;

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
public final class NameValues {
    private static final byte[] NONE = {};

    /** The approximate memory of a pair without its text. */
    private static final int PAIR_BYTES = 128;

    private final int maxBytes;
    private final int maxPairs;
    private final ByteBudget.Lease lease;
    private byte[] bytes = NONE;
    private int length;
    private int at;

    /**
     * @param maxBytes the longest accepted stream
     * @param maxPairs the most accepted pairs
     */
    public NameValues(int maxBytes, int maxPairs) {
        this(maxBytes, maxPairs, new ByteBudget(Long.MAX_VALUE).lease());
    }

    /**
     * @param lease counts the memory of the stream and its pairs; not given back here
     */
    public NameValues(int maxBytes, int maxPairs, ByteBudget.Lease lease) {
        this.maxBytes = maxBytes;
        this.maxPairs = maxPairs;
        this.lease = lease;
    }

    /**
     * Takes the content of the parser's present record from {@code in}.
     *
     * @throws BadVariables if the stream exceeds the limit
     */
    public void gather(RecordParser parser, ByteBuffer in) throws BadVariables {
        int needed = length + parser.contentLeft();
        if (needed > maxBytes) {
            throw new BadVariables(
                    RequestRefused.TOO_LARGE, "the name-value pairs exceed " + maxBytes + " bytes");
        }
        if (needed > bytes.length) {
            int size = length == 0 ? needed : Math.min(2 * needed, maxBytes);
            take(size - bytes.length);
            bytes = Arrays.copyOf(bytes, size);
        }
        length += parser.take(in, bytes, length, parser.contentLeft());
    }

    /**
     * Parses the gathered stream, and clears it. Of pairs with the same name the last wins.
     *
     * @return the pairs in the order of their arrival
     * @throws BadVariables if a pair exceeds the stream, or there are too many
     */
    public Map<String, String> read() throws BadVariables {
        Map<String, String> pairs = LinkedHashMap.newLinkedHashMap(32);
        int count = 0;
        at = 0;
        while (at < length) {
            if (++count > maxPairs) {
                throw new BadVariables(
                        RequestRefused.TOO_LARGE,
                        "there are more than " + maxPairs + " name-value pairs");
            }
            take(PAIR_BYTES);
            int nameLength = readLength();
            int valueLength = readLength();
            String name = readText(nameLength);
            pairs.put(name, readText(valueLength));
        }
        bytes = NONE;
        length = 0;
        return pairs;
    }

    private void take(int room) throws BadVariables {
        if (!lease.take(room)) {
            throw new BadVariables(
                    RequestRefused.NO_ROOM, "no memory is left for more name-value pairs now");
        }
    }

    private int readLength() throws BadVariables {
        if (at < length && bytes[at] >= 0) {
            return bytes[at++];
        }
        if (length - at < 4) {
            throw new BadVariables(
                    RequestRefused.MALFORMED, "a name-value pair is cut off in its lengths");
        }
        int value =
                ((bytes[at] & 0x7f) << 24)
                        | ((bytes[at + 1] & 0xff) << 16)
                        | ((bytes[at + 2] & 0xff) << 8)
                        | (bytes[at + 3] & 0xff);
        at += 4;
        return value;
    }

    private String readText(int textLength) throws BadVariables {
        if (textLength > length - at) {
            throw new BadVariables(
                    RequestRefused.MALFORMED, "a name-value pair is longer than its stream");
        }
        String text = new String(bytes, at, textLength, ISO_8859_1);
        at += textLength;
        return text;
    }

    /** Writes one pair, with the shortest form of each length. */
    public static void write(ByteBuffer out, String name, String value) {
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
