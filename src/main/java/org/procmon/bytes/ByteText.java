package org.procmon.bytes;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text, and back without a loss. A byte that is not UTF-8 becomes a character from U+DC80
 * to U+DCFF: half of a surrogate pair, which no UTF-8 decodes to. Source: PEP 383.
 */
public final class ByteText {
    private static final boolean IS_UTF_8 =
            System.getProperty("sun.jnu.encoding", "").equals("UTF-8");
    private static final char REPLACEMENT = '\uFFFD';
    private static final char STRAY = '\uDC00';
    private static final char FIRST_STRAY = '\uDC80';
    private static final char LAST_STRAY = '\uDCFF';

    private ByteText() {}

    /** The text of bytes from the kernel. */
    public static String decode(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) >= 0 ? exactly(bytes, from, length) : text;
    }

    /** The text of bytes from the kernel. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** The bytes that a text stands for. */
    public static byte[] encode(String text) {
        int at = stray(text, 0);
        if (at < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        int from = 0;
        while (at >= 0) {
            bytes.put(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
            bytes.put((byte) text.charAt(at));
            from = at + 1;
            at = stray(text, from);
        }
        bytes.put(text.substring(from).getBytes(StandardCharsets.UTF_8));
        byte[] all = new byte[bytes.position()];
        bytes.flip().get(all);
        return all;
    }

    /** Whether a text holds a byte that is not UTF-8. */
    public static boolean hasStray(String text) {
        return stray(text, 0) >= 0;
    }

    /** Whether a text that the JDK has decoded may stand for other bytes than the original ones. */
    static boolean mayBeInexact(String text) {
        return text.indexOf(REPLACEMENT) >= 0 || isUnknown(text);
    }

    /** Whether the JDK would encode a text as other bytes, or as none. */
    static boolean isBeyondTheJdk(String text) {
        return hasStray(text) || isUnknown(text);
    }

    /** Without a UTF-8 locale, the JDK knows only ASCII. */
    private static boolean isUnknown(String text) {
        return !IS_UTF_8 && text.chars().anyMatch(c -> c >= 0x80);
    }

    private static int stray(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_STRAY
                    && c <= LAST_STRAY
                    && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                return i;
            }
        }
        return -1;
    }

    private static String exactly(byte[] bytes, int from, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
        CharBuffer out = CharBuffer.allocate(length + 1);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (STRAY | (in.get() & 0xff)));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }
}
