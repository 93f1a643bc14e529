package org.procmon.journal;

import java.io.Serial;

/** The file is not a record, or not one that can be believed. */
final class CorruptRecord extends Exception {
    @Serial private static final long serialVersionUID = 1;

    /**
     * @param reason with the file as its subject, as in {@code it is empty}
     */
    CorruptRecord(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
