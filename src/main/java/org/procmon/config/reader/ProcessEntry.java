package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.procmon.config.Dependency;
import org.procmon.config.ProcessSpec;

/**
 * An entry of {@code processes} as it was read. What was wrong in it has its default here, so that
 * the checks across entries can go on.
 *
 * @param idOffset where its name stands; -1 if it has none
 * @param files those named for its output
 * @param instances how many processes it stands for; empty for itself alone
 * @param source what was read
 */
record ProcessEntry(
        ProcessSpec spec,
        int idOffset,
        List<Need> needs,
        List<LogFile> files,
        OptionalInt instances,
        JsonValue.Members source) {
    /** A file for a stream of output, and where it is named. */
    record LogFile(String stream, Path path, int offset) {}

    /** A dependency and where its name stands. */
    record Need(Dependency dependency, int offset) {}

    /** The same as another process that depends on others. */
    ProcessEntry with(ProcessSpec other, List<Need> others) {
        return new ProcessEntry(other, idOffset, others, files, instances, source);
    }

    boolean isNamed() {
        return idOffset >= 0;
    }
}
