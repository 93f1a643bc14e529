package org.procmon.journal;

import java.util.Arrays;
import org.procmon.lifecycle.Ticks;

/**
 * The text of one record, which is reused for the next. It is JSON (RFC 8259) without any white
 * space, in ASCII, so that half a surrogate pair, which UTF-8 cannot hold, is read back unchanged.
 *
 * <p>Each start of a process writes two records, and a monitor that is executed again reads all of
 * them with code that is still cold: hence this and {@link RecordReader}, which are small, instead
 * of a library for all of JSON. One thread at a time.
 */
final class RecordWriter {
    private static final int USUAL_SIZE = 2048;
    private static final int LONGEST_NUMBER = 20;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private byte[] bytes = new byte[USUAL_SIZE];
    private int size;

    /** Whether this is the first value in its object or array. */
    private boolean first;

    /** What it holds, from the first byte on. */
    byte[] bytes() {
        return bytes;
    }

    /** How many bytes it holds. */
    int size() {
        return size;
    }

    /** Discards the previous record, and starts another. */
    void beginRecord() {
        size = 0;
        open('{');
    }

    /** An object in an array. */
    void begin() {
        separate();
        open('{');
    }

    void begin(String key) {
        key(key);
        open('{');
    }

    /** The end of an object. */
    void end() {
        close('}');
    }

    void beginArray(String key) {
        key(key);
        open('[');
    }

    void endArray() {
        close(']');
    }

    void text(String key, String value) {
        key(key);
        string(value);
    }

    /** A string in an array. */
    void text(String value) {
        separate();
        string(value);
    }

    void number(String key, long value) {
        key(key);
        digits(value);
    }

    void ticks(String key, Ticks value) {
        number(key, value.nanos());
    }

    /** A number in an array. */
    void ticks(Ticks value) {
        separate();
        digits(value.nanos());
    }

    void flag(String key, boolean value) {
        key(key);
        ascii(value ? "true" : "false");
    }

    void none(String key) {
        key(key);
        ascii("null");
    }

    private void key(String key) {
        separate();
        put('"');
        ascii(key);
        put('"');
        put(':');
    }

    private void separate() {
        if (!first) {
            put(',');
        }
        first = false;
    }

    private void open(char bracket) {
        put(bracket);
        first = true;
    }

    private void close(char bracket) {
        put(bracket);
        first = false;
    }

    private void string(String value) {
        put('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c >= ' ' && c <= '~') {
                put(c);
            } else {
                escaped(c);
            }
        }
        put('"');
    }

    private void escaped(char c) {
        ascii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX[(c >> shift) & 0xf]);
        }
    }

    private void digits(long value) {
        reserve(LONGEST_NUMBER);
        if (value < 0) {
            put('-');
        }
        int end = size;
        // Only negative numbers can represent the opposite of every other number.
        for (long rest = -Math.abs(value); rest <= -10; rest /= 10) {
            end++;
        }
        size = end + 1;
        long rest = -Math.abs(value);
        do {
            bytes[end--] = (byte) ('0' - rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(char c) {
        reserve(1);
        bytes[size++] = (byte) c;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
