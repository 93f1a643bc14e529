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
 * The markers of started runs: empty files, {@code NAME.NUMBER}, that the children make themselves
 * before they execute their programs. Each is needed until the next run has its own. If a monitor
 * dies before it has recorded a start, and the child exits before the next monitor starts, only the
 * marker shows that it ran. Loop thread only.
 */
public final class StartMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(StartMarkers.class);

    private static final int LONGEST_NUMBER = 18;

    private final Path folder;
    private final FileStatus status = new FileStatus();

    /**
     * Makes the directory if necessary. Without it, there are no markers, and everything else
     * works.
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
            LOG.atWarn()
                    .addKeyValue("path", folder)
                    .addKeyValue(
                            "reason", Files.exists(folder) ? "it is no directory" : e.toString())
                    .log("cannot make a directory");
        }
    }

    /** The number of the latest run with a marker, for each process that has one. */
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

    /** The path of a run's marker. */
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
