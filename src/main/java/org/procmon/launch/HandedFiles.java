package org.procmon.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.posix.Descriptor;

/**
 * Files that processes get open, since their users may not read them. They are opened at each
 * start, so that each run has what is there then. Loop thread.
 */
public final class HandedFiles {
    /** Of each process, for its present run. */
    private final Map<String, List<Descriptor>> open = new HashMap<>();

    /**
     * Opens files for a start; those of the start before are closed.
     *
     * @throws LaunchRefused if one cannot be opened; it may be there later
     */
    public List<Descriptor> open(String process, List<Path> paths) throws LaunchRefused {
        close(open.remove(process));
        List<Descriptor> files = new ArrayList<>();
        for (Path path : paths) {
            switch (Descriptor.read(BytePath.text(path))) {
                case Descriptor.Result.Opened(Descriptor file) -> files.add(file);
                case Descriptor.Result.NotOpened(var errno) -> {
                    close(files);
                    throw LaunchRefused.forNow("cannot open '" + path + "': " + errno.words());
                }
            }
        }
        open.put(process, files);
        return files;
    }

    private static void close(@Nullable List<Descriptor> files) {
        if (files != null) {
            files.forEach(Descriptor::close);
        }
    }
}
