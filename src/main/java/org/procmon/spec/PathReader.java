package org.procmon.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;

/** Reads paths, which are resolved against the folder of the configuration file. */
final class PathReader {
    private final Place place;
    private final Problems problems;

    PathReader(Place place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    Optional<Path> read(Section section, String key) {
        Node.Text text = section.text(key);
        return text == null ? Optional.empty() : resolve(key, text, 0);
    }

    /** Reads a path that begins at the root, whichever that will be. */
    Optional<Path> readFromRoot(Section section, String key) {
        Node.Text text = section.text(key);
        return text == null ? Optional.empty() : resolve(Path.of("/"), key, text, 0);
    }

    /**
     * Reads a part of a string.
     *
     * @param from where the path begins in it
     */
    Optional<Path> resolve(String key, Node.Text text, int from) {
        return resolve(place.folder(), key, text, from);
    }

    private Optional<Path> resolve(Path folder, String key, Node.Text text, int from) {
        if (!Strings.check(key, text, problems)) {
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
