package org.procmon.cli.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.StandardStream;

/** One stream of a process, read piece by piece and cut into lines. */
final class LogStream {
    /** A longer line is shown in pieces. */
    private static final int LONGEST_LINE = 1 << 16;

    /** So that a stream which is written all the time does not keep the others waiting. */
    private static final int MOST_PIECES = 16;

    private final String process;
    private final StandardStream stream;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private OutputQuery query;
    private OptionalLong lastTime = OptionalLong.empty();
    private boolean isMissing;
    private boolean hasSkipped;

    /**
     * @param lines how many lines are read at first
     */
    LogStream(String process, StandardStream stream, int lines) {
        this.process = process;
        this.stream = stream;
        query = OutputQuery.last(stream, lines);
    }

    /** The lines since the last call; at first, the last lines. Those that have no end yet stay. */
    List<OutputLine> read(ControlClient client) throws ControlException {
        List<OutputLine> lines = new ArrayList<>();
        for (int piece = 0; piece < MOST_PIECES; piece++) {
            boolean isFirst = isNew();
            OutputSlice slice;
            try {
                slice = client.output(process, query);
            } catch (CallFailed e) {
                if (e.error() != ErrorName.NO_SUCH_PROCESS && e.error() != ErrorName.NO_OUTPUT) {
                    throw e;
                }
                isMissing = true;
                return lines;
            }
            isMissing = false;
            hasSkipped |= slice.skipped();
            query = query.after(slice.position());
            split(slice.bytes(), lines);
            if (isFirst || slice.bytes().length == 0) {
                break;
            }
        }
        return lines;
    }

    /** Whether nothing was read yet. */
    boolean isNew() {
        return query.position().isEmpty();
    }

    /** What was read of a line that has no end yet. */
    List<OutputLine> rest() {
        List<OutputLine> lines = new ArrayList<>();
        if (partial.size() > 0) {
            lines.add(line());
        }
        return lines;
    }

    /** Whether the process, or this output of it, is not there. */
    boolean isMissing() {
        return isMissing;
    }

    /** Whether some output was not there any more, since the last call of this. */
    boolean hasSkipped() {
        boolean before = hasSkipped;
        hasSkipped = false;
        return before;
    }

    String process() {
        return process;
    }

    private void split(byte[] bytes, List<OutputLine> lines) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean ends = bytes[i] == '\n';
            if (ends || partial.size() + i - from >= LONGEST_LINE) {
                partial.write(bytes, from, ends ? i - from : i + 1 - from);
                lines.add(line());
                from = i + 1;
            }
        }
        partial.write(bytes, from, bytes.length - from);
    }

    private OutputLine line() {
        String text = partial.toString(StandardCharsets.UTF_8);
        partial.reset();
        OutputLine line =
                OutputLine.of(
                        process,
                        stream,
                        text.endsWith("\r") ? text.substring(0, text.length() - 1) : text,
                        lastTime);
        lastTime = line.millis();
        return line;
    }
}
