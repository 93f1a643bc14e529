package org.procmon.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What all records have in common: the limit of their length, the keys that they start with, and
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

    /** The keys that each record starts with. */
    record Head(BootTime stamp, String journal) {}

    /**
     * Starts a record.
     *
     * @param journal the journal that the record belongs to
     */
    static void write(RecordWriter json, BootTime bootTime, String journal) {
        json.beginRecord();
        json.number("format", VERSION);
        json.text("boot", bootTime.boot());
        json.number("wall_ms", bootTime.wallMillis());
        json.ticks("ticks", bootTime.ticks());
        json.text("journal", journal);
    }

    /** Ends a record with the checksum of all bytes before it. */
    static void end(RecordWriter json) {
        json.text(CHECKSUM, hex(checksum(json.bytes(), json.size())));
        json.end();
    }

    /** Reads what {@link #write} wrote. */
    static Head readHead(RecordReader recordReader) throws CorruptRecord {
        recordReader.begin();
        long version = recordReader.whole("format");
        if (version != VERSION) {
            throw new CorruptRecord("its format is " + version + ", not " + VERSION);
        }
        BootTime bootTime =
                new BootTime(
                        recordReader.text("boot"),
                        recordReader.atLeast(0, "wall_ms"),
                        recordReader.ticks("ticks"));
        return new Head(bootTime, recordReader.text("journal"));
    }

    /** Reads what {@link #end} wrote. */
    static void readEnd(RecordReader recordReader, byte[] bytes) throws CorruptRecord {
        String stored = recordReader.text(CHECKSUM);
        recordReader.endOfRecord();
        if (!stored.equals(hex(checksum(bytes, bytes.length - TRAILER)))) {
            throw new CorruptRecord("its checksum is wrong: something else has changed it");
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
    static byte[] unsealed(byte[] sealed) throws CorruptRecord {
        int length = sealed.length - HEX_DIGITS;
        if (length < 0) {
            throw new CorruptRecord("it ends too early");
        }
        String sum = new String(sealed, length, HEX_DIGITS, StandardCharsets.US_ASCII);
        if (!sum.equals(hex(checksum(sealed, length)))) {
            throw new CorruptRecord("its checksum is wrong: something else has changed it");
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
