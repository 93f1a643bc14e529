package org.procmon.journal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.procmon.lifecycle.Ticks;

/**
 * Reads the fields of a record one after the other, as {@link RecordWriter} wrote them. Only
 * procmon writes records, so the keys have one order, there is no white space, and a key that is
 * missing, unknown, repeated or of another type is noticed as soon as it is reached.
 */
final class RecordReader {
    private static final long TENTH_OF_LEAST = Long.MIN_VALUE / 10;
    private static final int LAST_OF_LEAST = (int) -(Long.MIN_VALUE % 10);

    private final byte[] bytes;
    private int at;

    /** Whether this is the first value in its object or array. */
    private boolean first;

    RecordReader(byte[] bytes) throws CorruptRecord {
        if (bytes.length == 0) {
            throw new CorruptRecord("it is empty");
        }
        this.bytes = bytes;
    }

    /** The start of an object that has no key. */
    void begin() throws CorruptRecord {
        open('{', "an object");
    }

    void begin(String key) throws CorruptRecord {
        key(key);
        open('{', key);
    }

    /** The start of an object, or null; false for null. */
    boolean beginIfAny(String key) throws CorruptRecord {
        key(key);
        if (skips("null")) {
            return false;
        }
        open('{', key);
        return true;
    }

    void end() throws CorruptRecord {
        take('}', "the end of an object");
        first = false;
    }

    /** The end of the outermost object, after which nothing may follow. */
    void endOfRecord() throws CorruptRecord {
        end();
        if (at < bytes.length) {
            throw new CorruptRecord("something follows the record");
        }
    }

    void beginArray(String key) throws CorruptRecord {
        key(key);
        open('[', key);
    }

    /** Whether another string follows in the array, which is then {@link #text()}. */
    boolean hasText() throws CorruptRecord {
        return hasMore("a string");
    }

    String text() throws CorruptRecord {
        return string("a string");
    }

    /** Whether another whole number follows in the array, which is then {@link #ticks()}. */
    boolean hasNumber() throws CorruptRecord {
        return hasMore("a number");
    }

    Ticks ticks() throws CorruptRecord {
        return new Ticks(number("a number"));
    }

    /** Whether another object follows in the array; if so, its start is consumed. */
    boolean hasObject() throws CorruptRecord {
        boolean more = hasMore("an object");
        if (more) {
            begin();
        }
        return more;
    }

    String text(String key) throws CorruptRecord {
        key(key);
        return string(key);
    }

    boolean flag(String key) throws CorruptRecord {
        key(key);
        if (skips("true")) {
            return true;
        }
        if (skips("false")) {
            return false;
        }
        throw wrong(key);
    }

    long whole(String key) throws CorruptRecord {
        key(key);
        return number(key);
    }

    long atLeast(long least, String key) throws CorruptRecord {
        long number = whole(key);
        if (number < least) {
            throw wrong(key);
        }
        return number;
    }

    /** Whether a key comes next, which may be missing. Not at the start of an object. */
    boolean isNext(String key) {
        int before = at;
        boolean next = skips(",\"") && skips(key) && skips("\":");
        at = before;
        return next;
    }

    /** Null is the number {@code none}. */
    long atLeast(long least, String key, long none) throws CorruptRecord {
        key(key);
        if (skips("null")) {
            return none;
        }
        long number = number(key);
        if (number < least) {
            throw wrong(key);
        }
        return number;
    }

    int between(int least, int most, String key) throws CorruptRecord {
        long number = whole(key);
        if (number < least || number > most) {
            throw wrong(key);
        }
        return (int) number;
    }

    Ticks ticks(String key) throws CorruptRecord {
        return new Ticks(whole(key));
    }

    /** Empty for null. */
    Optional<Ticks> ticksIfAny(String key) throws CorruptRecord {
        key(key);
        return skips("null") ? Optional.empty() : Optional.of(new Ticks(number(key)));
    }

    Duration duration(String key) throws CorruptRecord {
        return Duration.ofNanos(atLeast(0, key));
    }

    /** One of the words that {@link Enum#name()} gives. */
    <E extends Enum<E>> E word(String key, E[] words) throws CorruptRecord {
        String text = text(key);
        for (E word : words) {
            if (word.name().equals(text)) {
                return word;
            }
        }
        throw wrong(key);
    }

    CorruptRecord wrong(String what) {
        return broken("its '" + what + "' is not what a monitor writes");
    }

    private CorruptRecord broken(String reason) {
        return new CorruptRecord(at < bytes.length ? reason : "it ends too early");
    }

    private void key(String key) throws CorruptRecord {
        boolean separated = first || skips(",");
        first = false;
        if (!(separated && skips("\"") && skips(key) && skips("\":"))) {
            throw broken("'" + key + "' is not where a monitor writes it");
        }
    }

    /** Whether another value follows in the array, rather than its end, and then its start. */
    private boolean hasMore(String what) throws CorruptRecord {
        if (skips("]")) {
            first = false;
            return false;
        }
        if (!first) {
            take(',', what);
        }
        first = false;
        return true;
    }

    private void open(char bracket, String what) throws CorruptRecord {
        take(bracket, what);
        first = true;
    }

    private String string(String what) throws CorruptRecord {
        take('"', what);
        int start = at;
        while (at < bytes.length && isPlain(bytes[at])) {
            at++;
        }
        String plain = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
        return skips("\"") ? plain : escaped(plain, what);
    }

    /** The rest of a string that contains escapes. */
    private String escaped(String start, String what) throws CorruptRecord {
        StringBuilder text = new StringBuilder(start);
        while (!skips("\"")) {
            if (skips("\\")) {
                text.append(escape(what));
            } else if (at < bytes.length && isPlain(bytes[at])) {
                text.append((char) bytes[at++]);
            } else {
                throw wrong(what);
            }
        }
        return text.toString();
    }

    private char escape(String what) throws CorruptRecord {
        char kind = at < bytes.length ? (char) bytes[at] : '\0';
        at++;
        return switch (kind) {
            case '"', '\\' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int end = at + 4; at < end; at++) {
                    int digit = at < bytes.length ? Character.digit(bytes[at], 16) : -1;
                    if (digit < 0) {
                        throw wrong(what);
                    }
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw wrong(what);
        };
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    private long number(String what) throws CorruptRecord {
        boolean negative = skips("-");
        int start = at;
        // Below zero, as there is one number more than above.
        long number = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            int digit = bytes[at] - '0';
            if (number < TENTH_OF_LEAST || (number == TENTH_OF_LEAST && digit > LAST_OF_LEAST)) {
                throw wrong(what);
            }
            number = number * 10 - digit;
            at++;
        }
        boolean more = at < bytes.length && ",}]".indexOf(bytes[at]) < 0;
        boolean padded = at > start + 1 && bytes[start] == '0';
        if (at == start || more || padded || (!negative && number == Long.MIN_VALUE)) {
            throw wrong(what);
        }
        return negative ? number : -number;
    }

    private void take(char wanted, String what) throws CorruptRecord {
        if (at >= bytes.length || bytes[at] != wanted) {
            throw wrong(what);
        }
        at++;
    }

    /** Skips a text if it comes next, and moves to the end if the record is cut off within it. */
    private boolean skips(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (at + i >= bytes.length) {
                at = bytes.length;
                return false;
            }
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        at += length;
        return true;
    }
}
