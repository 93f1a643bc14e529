package org.procmon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The key {@code watch}: a change of these files restarts a process, or sends it its reload signal.
 *
 * @param paths files, or directories, which stand for their direct entries; at least one
 * @param quiet how long the files must stay unchanged before that
 */
public record Watch(List<Path> paths, Duration quiet) {
    public static final Duration USUAL_QUIET = Duration.ofMillis(500);

    public Watch {
        paths = List.copyOf(paths);
    }
}
