package org.procmon.journal;

/** What all records have in common: the limit of their length, and what they begin with. */
final class RecordFormat {
    /** The first thing in a record; to be counted up when a key is added, changed or moved. */
    static final int VERSION = 3;

    /** No record is longer, in bytes. */
    static final int LARGEST = 64 << 10;

    private RecordFormat() {}

    /** Begins a record. */
    static void write(RecordText json, Stamp stamp) {
        json.beginRecord();
        json.number("format", VERSION);
        json.text("boot", stamp.boot());
        json.number("wall_ms", stamp.wallMillis());
        json.ticks("ticks", stamp.ticks());
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
