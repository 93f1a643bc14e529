package org.procmon.output;

import java.util.List;
import java.util.Optional;
import org.procmon.output.log.LineMark;
import org.procmon.output.log.LogFile;
import org.procmon.output.log.LogReader;
import org.procmon.output.log.MarkedLines;
import org.procmon.output.log.OutputChunk;

/**
 * Where the content of a fifo goes: a file of its own, or, with a mark before each line, one that
 * the workers of a pool share.
 *
 * @param mark of the process; empty if it has the file for itself
 * @param readers those who wait for output of any process that writes to the file; none if it is
 *     not shared
 */
record LogSink(LogFile file, Optional<LineMark> mark, List<OutputReaders> readers) {
    /** A file of its own. */
    LogSink(LogFile file) {
        this(file, Optional.empty(), List.of());
    }

    OutputChunk last(int lines, int maxBytes) {
        return mark.isEmpty()
                ? LogReader.last(file.settings(), lines, maxBytes)
                : MarkedLines.last(file.settings(), mark.get(), lines, maxBytes);
    }

    OutputChunk after(String position, int maxBytes) {
        return mark.isEmpty()
                ? LogReader.after(file.settings(), position, maxBytes)
                : MarkedLines.after(file.settings(), mark.get(), position, maxBytes);
    }
}
