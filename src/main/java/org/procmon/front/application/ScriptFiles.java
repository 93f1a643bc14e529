package org.procmon.front.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Script;
import org.procmon.front.request.Wildcards;

/**
 * Files below a document root that one application executes, such as {@code *.php}. The first part
 * of a path that matches names the script; a file that is not there is never passed on, since PHP
 * would look for another one.
 *
 * @param glob one asterisk for any characters, in the name of the file
 */
public record ScriptFiles(Members members, Path root, String glob) implements ScriptFinder {
    @Override
    public Optional<Found> find(Exchange exchange) {
        String path = exchange.path();
        for (int end = next(path, 1); end > 0; end = next(path, end + 1)) {
            String name = path.substring(path.lastIndexOf('/', end - 1) + 1, end);
            if (Wildcards.matches(glob, name) && isBelowRoot(path.substring(1, end))) {
                Script script =
                        new Script(
                                path.substring(0, end),
                                path.substring(end),
                                Optional.of(root + path.substring(0, end)),
                                Optional.of(root.toString()));
                return Optional.of(new Found(script, members));
            }
        }
        return Optional.empty();
    }

    /** The end of the segment that begins there, or later; -1 if there is none. */
    private static int next(String path, int from) {
        if (from > path.length()) {
            return -1;
        }
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    private boolean isBelowRoot(String relative) {
        try {
            Path file = root.resolve(BytePath.of(relative)).toRealPath();
            return file.startsWith(root.toRealPath()) && Files.isRegularFile(file);
        } catch (IOException | InvalidPathException _) {
            return false;
        }
    }

    @Override
    public void close() {
        members.close();
    }
}
