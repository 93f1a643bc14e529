package org.procmon.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.procmon.spec.ProcessSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proofs that runs were started: empty files, {@code NAME.NUMBER}, that the children make
 * themselves before they execute their programs. Each is needed until the next run has its own. A
 * monitor that dies before it has noted a start, and a child that ends before the next monitor
 * comes, leave nothing else behind. Loop thread only.
 */
final class Marks {
    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);

    private final Path folder;
    private final FileStatus status = new FileStatus();

    /**
     * Makes the folder if need be. Without it, there are no proofs, and everything else goes on.
     *
     * @param folder for these files alone
     */
    Marks(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            LOG.warn("cannot make the folder {}: {}", folder, e.toString());
        }
    }

    /** Where a run leaves its proof. */
    String of(ProcessSpec spec, long number) {
        remove(spec, number);
        return path(spec, number);
    }

    boolean isThere(ProcessSpec spec, long number) {
        return status.read(path(spec, number));
    }

    /** False if there is none. */
    boolean remove(ProcessSpec spec, long number) {
        return FileNames.remove(path(spec, number)).isEmpty();
    }

    private String path(ProcessSpec spec, long number) {
        return folder + "/" + spec.id() + "." + number;
    }
}
