package org.procmon.importing.draft;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The log files in use; each takes only one stream, since it is rotated. */
public final class LogFiles {
    private final Set<Path> taken = new HashSet<>();
    private final ImportWarnings importWarnings;

    LogFiles(ImportWarnings importWarnings) {
        this.importWarnings = importWarnings;
    }

    /** Whether a stream may use the file; warns if not. */
    public boolean take(Setting setting, String file) {
        if (taken.add(Path.of(file).normalize())) {
            return true;
        }
        importWarnings.none(
                setting,
                "another process writes to " + file + "; this one has a file of its own instead");
        return false;
    }
}
