package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.Optional;
import org.procmon.config.InputSpec;

/** Reads {@code stdin}. */
final class InputReader {
    private static final String KEY = "stdin";

    private final PathReader paths;

    InputReader(PathReader paths) {
        this.paths = paths;
    }

    InputSpec read(ObjectReader process) {
        JsonValue.Text text = process.text(KEY);
        if (text == null || text.value().equals("null")) {
            return InputSpec.DEFAULT;
        }
        if (text.value().equals("open")) {
            return new InputSpec.Open();
        }
        Optional<Path> path =
                process.has("chroot") ? paths.readFromRoot(process, KEY) : paths.read(process, KEY);
        return path.<InputSpec>map(InputSpec.File::new).orElse(InputSpec.DEFAULT);
    }
}
