package org.procmon.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.config.ProcessSpec;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proofs that runs were started: empty files, {@code NAME.NUMBER}, that the children make
 * themselves before they execute their programs. Each is needed until the next run has its own. A
 * monitor that dies before it has noted a start, and a child that ends before the next monitor
 * comes, leave nothing else behind. Loop thread only.
 */
public final class StartMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(StartMarkers.class);

    private static final int LONGEST_NUMBER = 18;

    private final Path folder;
    private final FileStatus status = new FileStatus();

    /**
     * Makes the folder if need be. Without it, there are no proofs, and everything else goes on.
     *
     * @param folder for these files alone
     */
    StartMarkers(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            LOG.warn(
                    "cannot make the folder {}: {}",
                    folder,
                    Files.exists(folder) ? "what is there is no folder" : e.toString());
        }
    }

    /** Of each process that has left proofs, the number of the latest run that did. */
    public static Map<String, Long> latest(Path folder) {
        Map<String, Long> latest = new HashMap<>();
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            int dot = name.lastIndexOf('.');
            String digits = name.substring(dot + 1);
            if (dot > 0
                    && !digits.isEmpty()
                    && digits.length() <= LONGEST_NUMBER
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                latest.merge(name.substring(0, dot), Long.parseLong(digits), Math::max);
            }
        }
        return latest;
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
        return BytePath.text(folder) + "/" + spec.id() + "." + number;
    }
}
