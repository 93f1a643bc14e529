package org.procmon.launch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the output of the processes goes: one file for each, {@code NAME.log}, appended to by the
 * process itself. A file that cannot be opened keeps no process from running: its output is
 * dropped, and the log says so once. Loop thread only.
 */
public final class LogFolder {
    private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);
    private static final String NOWHERE = "/dev/null";

    private final String folder;

    /** The names whose file could not be opened last time, and why. */
    private final Map<String, Errno> unopened = new HashMap<>();

    public LogFolder(Path folder) {
        this.folder = folder.toString();
    }

    /** Opens the file of a process for one run; not opened only if nothing can be. */
    Descriptor.Result open(String name) {
        String path = folder + "/" + name + ".log";
        return switch (Descriptor.append(path)) {
            case Descriptor.Result.Opened opened -> {
                if (!unopened.isEmpty()) {
                    unopened.remove(name);
                }
                yield opened;
            }
            case Descriptor.Result.NotOpened failed -> {
                if (!Objects.equals(unopened.put(name, failed.errno()), failed.errno())) {
                    LOG.warn("cannot open {}: {}; output is dropped", path, failed.errno().words());
                }
                yield Descriptor.write(NOWHERE);
            }
        };
    }
}
