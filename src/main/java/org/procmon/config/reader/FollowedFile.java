package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.Document;

/** A file that was found where files come and go. */
sealed interface FollowedFile {
    /** Its path. */
    String path();

    /** It was read. */
    record Read(Document document) implements FollowedFile {
        @Override
        public String path() {
            return document.path();
        }
    }

    /**
     * It cannot be read, such as a link that leads nowhere.
     *
     * @param reason why, as the end of a sentence
     */
    record Unreadable(String path, String reason) implements FollowedFile {
        static Unreadable of(Path file, IOException e) {
            String message = e.getMessage();
            return new Unreadable(
                    BytePath.text(file),
                    message == null ? e.getClass().getSimpleName() : Problems.harmless(message));
        }
    }

    /** What it links to, absolute; empty if it is no link. */
    default Optional<Path> target() {
        Path file = BytePath.of(path());
        if (!Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    BytePath.absolute(file.resolveSibling(Files.readSymbolicLink(file))));
        } catch (IOException _) {
            // It was removed just now.
            return Optional.empty();
        }
    }
}
