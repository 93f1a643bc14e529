package org.procmon.journal;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * The one place where the JSON of records is set up. It is ASCII, so that half a surrogate pair,
 * which UTF-8 cannot hold, comes back as it was.
 */
final class RecordFormat {
    /** The first thing in a record; to be counted up when a key is added, changed or moved. */
    static final int VERSION = 3;

    /** No record is longer, in bytes. */
    static final int LARGEST = 64 << 10;

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private RecordFormat() {}

    /** Bytes that are read where they lie. */
    static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(2048);
        }

        byte[] bytes() {
            return buf;
        }
    }

    static JsonGenerator generator(Buffer buffer) {
        buffer.reset();
        return FACTORY.createGenerator(ObjectWriteContext.empty(), buffer);
    }

    static JsonParser parser(byte[] bytes) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length);
    }

    /** Begins a record. */
    static void write(JsonGenerator json, Stamp stamp) {
        json.writeStartObject();
        json.writeNumberProperty("format", VERSION);
        json.writeStringProperty("boot", stamp.boot());
        json.writeNumberProperty("wall_ms", stamp.wallMillis());
        json.writeNumberProperty("ticks", stamp.ticks().nanos());
    }

    /** Reads what {@link #write} wrote. */
    static Stamp readStamp(Fields fields) throws NotARecord {
        fields.begin();
        long version = fields.whole("format");
        if (version != VERSION) {
            throw new NotARecord("its format is " + version + ", not " + VERSION);
        }
        return new Stamp(fields.text("boot"), fields.atLeast(0, "wall_ms"), fields.ticks("ticks"));
    }
}
