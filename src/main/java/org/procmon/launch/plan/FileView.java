package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a process sees the file system.
 *
 * @param root its root directory; empty for the monitor's own
 * @param cwd the directory in that root in which it starts; empty for the monitor's own, or the
 *     root
 * @param searchPath the directories in which it looks for programs, separated by colons
 * @param who its credentials; empty for the monitor's own
 */
public record FileView(
        Optional<Path> root, Optional<Path> cwd, String searchPath, Optional<FileCredentials> who) {
    private static final String SEPARATOR = "/";

    /** A path in its root that starts at the top of that. */
    String absolute(String path) {
        if (path.startsWith(SEPARATOR)) {
            return path;
        }
        String folder = folder();
        return folder.endsWith(SEPARATOR) ? folder + path : folder + SEPARATOR + path;
    }

    String folder() {
        return cwd.map(Path::toString)
                .orElse(root.isPresent() ? SEPARATOR : RemoteFilesystems.HERE.toString());
    }

    /** The same with the rights of the monitor. */
    FileView asMonitor() {
        return new FileView(root, cwd, searchPath, Optional.empty());
    }

    /** Whether the kernel would give the monitor the same answer as the process. */
    boolean isOfMonitor() {
        return root.isEmpty() && who.isEmpty();
    }
}
