package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.procmon.config.Dependency;
import org.procmon.config.ProcessSpec;

/**
 * An entry of {@code processes} as it was read. Wrong values are replaced by defaults, so that the
 * checks across entries can continue.
 *
 * @param idOffset the place of its name; -1 if it has none
 * @param files the files that it names for its output
 * @param instances how many processes it stands for; empty for itself alone
 * @param source the object that was read
 */
record ProcessEntry(
        ProcessSpec spec,
        int idOffset,
        List<Need> needs,
        List<LogFile> files,
        OptionalInt instances,
        JsonValue.Members source) {
    /** A file for an output stream, and the place that names it. */
    record LogFile(String stream, Path path, int offset) {}

    /** A dependency and the place of its name. */
    record Need(Dependency dependency, int offset) {}

    /** A copy for another process with other dependencies. */
    ProcessEntry with(ProcessSpec other, List<Need> others) {
        return new ProcessEntry(other, idOffset, others, files, instances, source);
    }

    boolean isNamed() {
        return idOffset >= 0;
    }
}
