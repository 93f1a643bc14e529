package org.procmon.journal;

import java.time.Duration;
import java.util.Optional;
import org.procmon.lifecycle.Ticks;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/**
 * Reads the fields of a record one after the other. Records are written by procmon alone, so the
 * keys have one order, and one that is missing, unknown, given twice or of another type shows as
 * soon as it is reached.
 */
final class Fields implements AutoCloseable {
    private final JsonParser json;

    Fields(byte[] bytes) throws NotARecord {
        if (bytes.length == 0) {
            throw new NotARecord("it is empty");
        }
        json = RecordFormat.parser(bytes);
    }

    /** The start of an object that has no key. */
    void begin() throws NotARecord {
        expect(next(), JsonToken.START_OBJECT, "an object");
    }

    void begin(String key) throws NotARecord {
        expect(value(key), JsonToken.START_OBJECT, key);
    }

    /** The start of an object, or null; false for null. */
    boolean beginIfAny(String key) throws NotARecord {
        JsonToken token = value(key);
        if (token == JsonToken.VALUE_NULL) {
            return false;
        }
        expect(token, JsonToken.START_OBJECT, key);
        return true;
    }

    void end() throws NotARecord {
        expect(next(), JsonToken.END_OBJECT, "the end of an object");
    }

    /** The end of the outermost object, behind which nothing may follow. */
    void endOfRecord() throws NotARecord {
        end();
        if (next() != JsonToken.NOT_AVAILABLE) {
            throw new NotARecord("something follows the record");
        }
    }

    void beginArray(String key) throws NotARecord {
        expect(value(key), JsonToken.START_ARRAY, key);
    }

    /** Whether another string follows in the array, which is then {@link #text()}. */
    boolean hasText() throws NotARecord {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        expect(token, JsonToken.VALUE_STRING, "a string");
        return true;
    }

    /** The parser decodes a string only when it is asked for it. */
    String text() throws NotARecord {
        try {
            return json.getString();
        } catch (JacksonException e) {
            throw broken(e);
        }
    }

    /** Whether another whole number follows in the array, which is then {@link #ticks()}. */
    boolean hasNumber() throws NotARecord {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        expect(token, JsonToken.VALUE_NUMBER_INT, "a number");
        return true;
    }

    Ticks ticks() throws NotARecord {
        return new Ticks(number("a number"));
    }

    /** Whether another object follows in the array, which is then begun. */
    boolean hasObject() throws NotARecord {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        expect(token, JsonToken.START_OBJECT, "an object");
        return true;
    }

    String text(String key) throws NotARecord {
        expect(value(key), JsonToken.VALUE_STRING, key);
        return text();
    }

    boolean flag(String key) throws NotARecord {
        JsonToken token = value(key);
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong(key);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    long whole(String key) throws NotARecord {
        expect(value(key), JsonToken.VALUE_NUMBER_INT, key);
        return number(key);
    }

    long atLeast(long least, String key) throws NotARecord {
        long number = whole(key);
        if (number < least) {
            throw wrong(key);
        }
        return number;
    }

    /** Null is the number {@code none}. */
    long atLeast(long least, String key, long none) throws NotARecord {
        JsonToken token = value(key);
        if (token == JsonToken.VALUE_NULL) {
            return none;
        }
        expect(token, JsonToken.VALUE_NUMBER_INT, key);
        long number = number(key);
        if (number < least) {
            throw wrong(key);
        }
        return number;
    }

    int between(int least, int most, String key) throws NotARecord {
        long number = whole(key);
        if (number < least || number > most) {
            throw wrong(key);
        }
        return (int) number;
    }

    Ticks ticks(String key) throws NotARecord {
        return new Ticks(whole(key));
    }

    /** Empty for null. */
    Optional<Ticks> ticksIfAny(String key) throws NotARecord {
        JsonToken token = value(key);
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        expect(token, JsonToken.VALUE_NUMBER_INT, key);
        return Optional.of(new Ticks(number(key)));
    }

    Duration duration(String key) throws NotARecord {
        return Duration.ofNanos(atLeast(0, key));
    }

    /** One of the words that {@link Enum#name()} gives. */
    <E extends Enum<E>> E word(String key, E[] words) throws NotARecord {
        String text = text(key);
        for (E word : words) {
            if (word.name().equals(text)) {
                return word;
            }
        }
        throw wrong(key);
    }

    @Override
    public void close() {
        json.close();
    }

    NotARecord wrong(String what) {
        return new NotARecord("its '%s' is not what a monitor writes".formatted(what));
    }

    private JsonToken value(String key) throws NotARecord {
        if (next() != JsonToken.PROPERTY_NAME || !key.equals(json.currentName())) {
            throw new NotARecord("'" + key + "' is not where a monitor writes it");
        }
        return next();
    }

    private long number(String key) throws NotARecord {
        try {
            return json.getLongValue();
        } catch (JacksonException e) {
            throw wrong(key);
        }
    }

    private void expect(JsonToken found, JsonToken wanted, String what) throws NotARecord {
        if (found != wanted) {
            throw wrong(what);
        }
    }

    /** {@code NOT_AVAILABLE} at the end. */
    private JsonToken next() throws NotARecord {
        try {
            JsonToken token = json.nextToken();
            return token == null ? JsonToken.NOT_AVAILABLE : token;
        } catch (JacksonException e) {
            throw broken(e);
        }
    }

    private static NotARecord broken(JacksonException e) {
        return new NotARecord(
                e instanceof UnexpectedEndOfInputException
                        ? "it ends too early"
                        : "it is broken at byte " + e.getLocation().getByteOffset());
    }
}
