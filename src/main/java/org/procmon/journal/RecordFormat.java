package org.procmon.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What all records have in common: the limit of their length, the keys that they begin with, and
 * the checksum that they end with.
 */
final class RecordFormat {
    /** The first value in a record; count it up when a key is added, changed or moved. */
    static final int VERSION = 5;

    /** No record is longer, in bytes. */
    static final int LARGEST = 64 << 10;

    private static final String CHECKSUM = "crc32";

    /** {@code ,"crc32":"01234567"}}, the last bytes of each record. */
    private static final int TRAILER = CHECKSUM.length() + 15;

    private static final int HEX_DIGITS = 8;

    private RecordFormat() {}

    /** The keys that each record begins with. */
    record Head(Stamp stamp, String journal) {}

    /**
     * Begins a record.
     *
     * @param journal the journal that the record belongs to
     */
    static void write(RecordText json, Stamp stamp, String journal) {
        json.beginRecord();
        json.number("format", VERSION);
        json.text("boot", stamp.boot());
        json.number("wall_ms", stamp.wallMillis());
        json.ticks("ticks", stamp.ticks());
        json.text("journal", journal);
    }

    /** Ends a record with the checksum of all bytes before it. */
    static void end(RecordText json) {
        json.text(CHECKSUM, hex(checksum(json.bytes(), json.size())));
        json.end();
    }

    /** Reads what {@link #write} wrote. */
    static Head readHead(Fields fields) throws NotARecord {
        fields.begin();
        long version = fields.whole("format");
        if (version != VERSION) {
            throw new NotARecord("its format is " + version + ", not " + VERSION);
        }
        Stamp stamp =
                new Stamp(fields.text("boot"), fields.atLeast(0, "wall_ms"), fields.ticks("ticks"));
        return new Head(stamp, fields.text("journal"));
    }

    /** Reads what {@link #end} wrote. */
    static void readEnd(Fields fields, byte[] bytes) throws NotARecord {
        String stored = fields.text(CHECKSUM);
        fields.endOfRecord();
        if (!stored.equals(hex(checksum(bytes, bytes.length - TRAILER)))) {
            throw new NotARecord("its checksum is wrong: something else has changed it");
        }
    }

    /** Appends the checksum of a file that is no JSON record. */
    static byte[] sealed(byte[] content) {
        byte[] sealed = new byte[content.length + HEX_DIGITS];
        System.arraycopy(content, 0, sealed, 0, content.length);
        byte[] sum = hex(checksum(content, content.length)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, sealed, content.length, HEX_DIGITS);
        return sealed;
    }

    /** Checks and removes what {@link #sealed} appended. */
    static byte[] unsealed(byte[] sealed) throws NotARecord {
        int length = sealed.length - HEX_DIGITS;
        if (length < 0) {
            throw new NotARecord("it ends too early");
        }
        String sum = new String(sealed, length, HEX_DIGITS, StandardCharsets.US_ASCII);
        if (!sum.equals(hex(checksum(sealed, length)))) {
            throw new NotARecord("its checksum is wrong: something else has changed it");
        }
        return Arrays.copyOf(sealed, length);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, Math.max(0, length));
        return crc.getValue();
    }

    private static String hex(long number) {
        char[] digits = new char[HEX_DIGITS];
        for (int i = 0; i < HEX_DIGITS; i++) {
            digits[i] = Character.forDigit((int) (number >> (28 - 4 * i)) & 0xf, 16);
        }
        return new String(digits);
    }
}
