package org.procmon.config.reader;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;

/** Reads paths, and resolves them against the directory of the configuration file. */
final class PathReader {
    private final ReadContext readContext;
    private final Problems problems;

    PathReader(ReadContext readContext, Problems problems) {
        this.readContext = readContext;
        this.problems = problems;
    }

    Optional<Path> read(ObjectReader objectReader, String key) {
        JsonValue.Text text = objectReader.text(key);
        return text == null ? Optional.empty() : resolve(key, text, 0);
    }

    /** Reads a path that starts at the root, whichever directory that will be. */
    Optional<Path> readFromRoot(ObjectReader objectReader, String key) {
        JsonValue.Text text = objectReader.text(key);
        return text == null ? Optional.empty() : resolve(Path.of("/"), key, text, 0);
    }

    /**
     * Reads a part of a string.
     *
     * @param from the index at which the path starts in it
     */
    Optional<Path> resolve(String key, JsonValue.Text text, int from) {
        return resolve(readContext.folder(), key, text, from);
    }

    private Optional<Path> resolve(Path folder, String key, JsonValue.Text text, int from) {
        if (!StringCheck.check(key, text, problems)) {
            return Optional.empty();
        }
        if (text.value().length() == from) {
            problems.add(text.offset(), "'" + key + "' is empty");
            return Optional.empty();
        }
        try {
            return Optional.of(folder.resolve(BytePath.of(text.value().substring(from))));
        } catch (InvalidPathException e) {
            problems.add(
                    text.offset(), "'" + key + "' is no path: " + Problems.harmless(e.getReason()));
            return Optional.empty();
        }
    }
}
