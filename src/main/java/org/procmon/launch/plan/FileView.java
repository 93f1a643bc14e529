package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * From where a process looks for files.
 *
 * @param root the folder that it takes for the root; empty for the monitor's own
 * @param cwd the folder in that root in which it starts; empty for the monitor's own, or the root
 * @param searchPath the folders in which it looks for programs, separated by colons
 * @param who as whom it looks; empty for the monitor itself
 */
public record FileView(
        Optional<Path> root, Optional<Path> cwd, String searchPath, Optional<FileCredentials> who) {
    private static final String SEPARATOR = "/";

    /** A path in its root that begins at the top of that. */
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

    /** Whether the kernel would tell the monitor what it tells the process. */
    boolean isOfMonitor() {
        return root.isEmpty() && who.isEmpty();
    }
}
