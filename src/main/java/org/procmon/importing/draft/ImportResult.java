package org.procmon.importing.draft;

import java.nio.file.Path;
import java.util.List;

/** The result of an import. */
public sealed interface ImportResult {
    /**
     * The import succeeded.
     *
     * @param text a valid configuration file
     * @param notes the settings without an equivalent, one line each
     */
    record Imported(String text, List<String> notes) implements ImportResult {
        public Imported {
            notes = List.copyOf(notes);
        }
    }

    /**
     * A file cannot be understood.
     *
     * @param line from 1
     */
    record Refused(Path file, int line, String reason) implements ImportResult {}

    /** A file cannot be read. */
    record Unreadable(Path file, String reason) implements ImportResult {}
}
