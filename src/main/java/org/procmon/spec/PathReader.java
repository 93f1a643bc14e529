package org.procmon.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

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
        if (text == null || !Strings.check(key, text, problems)) {
            return Optional.empty();
        }
        if (text.value().isEmpty()) {
            problems.add(text.offset(), "'" + key + "' is empty");
            return Optional.empty();
        }
        try {
            return Optional.of(place.folder().resolve(text.value()));
        } catch (InvalidPathException e) {
            // The locale's character set may lack a character of the name.
            problems.add(
                    text.offset(), "'" + key + "' is no path: " + Problems.harmless(e.getReason()));
            return Optional.empty();
        }
    }
}
