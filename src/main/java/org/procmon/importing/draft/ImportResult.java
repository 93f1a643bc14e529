package org.procmon.importing.draft;

import java.nio.file.Path;
import java.util.List;

/** What became of an import. */
public sealed interface ImportResult {
    /**
     * It is done.
     *
     * @param text a configuration file that is valid
     * @param notes what has no equivalent in it, a line each
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
