package org.procmon.output;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.procmon.output.log.FifoPeek;
import org.procmon.output.log.LogFile;
import org.procmon.output.log.LogReader;
import org.procmon.output.log.LostTail;
import org.procmon.output.log.OutputChunk;
import org.procmon.output.log.OutputLoss;
import org.procmon.output.log.SharedBuffers;
import org.procmon.posix.Descriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One captured stream: the content of its fifo goes into its log file. A file that cannot be
 * written never makes the process wait: meanwhile, output is taken from the fifo, counted and lost.
 * The file is retried when more output arrives, at most once a second. After such a gap it
 * continues with a whole line on a line of its own.
 *
 * <p>The pump's thread moves output; readers wait for it on their own threads.
 */
final class StreamCapture {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCapture.class);
    private static final long BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(1);

    /** Output this long without a newline is treated as having none. */
    private static final int LONGEST_LINE = FifoPeek.MOST;

    private final String process;
    private final String stream;
    private volatile LogSink sink;
    private final SharedBuffers sharedBuffers;
    private final LostTail lostTail;

    /**
     * Whether the lost output stops inside a line; it resumes after that line, or {@link
     * #LONGEST_LINE} bytes later.
     */
    private boolean lostMidLine;

    private int skipped;
    private long nextTry;
    private long lostSince;

    private volatile OutputLoss outputLoss = new OutputLoss(0, "", false);

    private final OutputReaders readers = new OutputReaders();

    /**
     * @param stream the name of its fifo, by which the next monitor knows it too
     */
    StreamCapture(String process, String stream, LogSink sink, SharedBuffers sharedBuffers) {
        this.process = process;
        this.stream = stream;
        this.sink = sink;
        this.sharedBuffers = sharedBuffers;
        this.lostTail = new LostTail(sharedBuffers.remnants);
    }

    String stream() {
        return stream;
    }

    /** Any thread. */
    LogSink sink() {
        return sink;
    }

    /** Writes to another file from the next byte on. */
    void writeTo(LogSink other) {
        sink = other;
    }

    /** Whether it waits for the end of a line before it takes it. */
    boolean takesLines() {
        return sink.mark().isPresent();
    }

    /**
     * Moves some of a fifo's content.
     *
     * @return how many bytes were taken from it; 0 if there are none
     */
    long move(Descriptor fifo) {
        return move(fifo, true);
    }

    /**
     * Moves some of a fifo's content; what is in a file with others, in whole lines.
     *
     * @return how many bytes were taken from it; 0 if there is no whole line
     */
    long moveLines(Descriptor fifo) {
        return move(fifo, false);
    }

    private long move(Descriptor fifo, boolean rest) {
        LogSink now = sink;
        LogFile file = now.file();
        boolean again = outputLoss.failing();
        if (again && (sharedBuffers.clock.nanos() - nextTry < 0 || !isAtLine(fifo))) {
            return lose(fifo, FifoPeek.MOST);
        }
        long moved =
                now.mark().isEmpty()
                        ? file.take(fifo, again)
                        : file.takeLines(fifo, now.mark().get(), rest);
        if (moved == LogFile.FAILED) {
            failed(file);
            return lose(fifo, FifoPeek.MOST);
        }
        if (moved > 0) {
            if (again) {
                recovered(file);
            }
            readers.moved();
            now.readers().forEach(OutputReaders::moved);
        }
        return moved;
    }

    /** Drops the lost output; no client will ask for it any more. */
    void forget() {
        lostTail.forget();
    }

    /** The output that could not be kept; any thread. */
    Optional<OutputLoss> loss() {
        OutputLoss now = outputLoss;
        return now.bytes() > 0 || now.failing() ? Optional.of(now) : Optional.empty();
    }

    /**
     * Reads the end of the stream: the end of the file, and what is being lost now. Any thread.
     *
     * @param lines the maximum number of lines
     * @param maxBytes the maximum number of bytes
     */
    OutputChunk last(int lines, int maxBytes) {
        byte[] lost = lostTail.bytes();
        OutputChunk kept = sink.last(lines, maxBytes);
        if (lost.length == 0) {
            return kept;
        }
        return kept instanceof OutputChunk.Piece piece
                ? LogReader.extended(piece, lost, lines, maxBytes)
                : LogReader.extended(LogReader.NOTHING, lost, lines, maxBytes);
    }

    /**
     * Reads what follows an earlier position. Any thread.
     *
     * @return an empty piece if there is nothing yet
     */
    OutputChunk after(String position, int maxBytes) {
        return sink.after(position, maxBytes);
    }

    /**
     * Waits for output that a reader at this position has not seen. Any thread.
     *
     * @return false on timeout
     */
    boolean awaitMore(String position, Duration atMost) throws InterruptedException {
        return readers.await(() -> isMore(position), atMost);
    }

    private boolean isMore(String position) {
        LogSink now = sink;
        if (now.mark().isEmpty()) {
            return LogReader.isMore(now.file().settings(), position);
        }
        return !(now.after(position, FifoPeek.MOST) instanceof OutputChunk.Piece piece)
                || piece.bytes().length > 0;
    }

    private void failed(LogFile file) {
        nextTry = sharedBuffers.clock.nanos() + BETWEEN_TRIES;
        skipped = 0;
        boolean begins = !outputLoss.failing();
        if (begins) {
            lostSince = outputLoss.bytes();
            lostMidLine = false;
            LOG.atWarn()
                    .addKeyValue("process", process)
                    .addKeyValue("reason", file.failure())
                    .log("{process} output is being lost");
        }
        outputLoss = new OutputLoss(outputLoss.bytes(), file.failure(), true);
        if (begins) {
            sharedBuffers.losses.changed(process, outputLoss);
        }
    }

    private void recovered(LogFile file) {
        LOG.atWarn()
                .addKeyValue("process", process)
                .addKeyValue("file", file.settings().path())
                .addKeyValue("lost_bytes", outputLoss.bytes() - lostSince)
                .log("{process} output is written again");
        forget();
        outputLoss = new OutputLoss(outputLoss.bytes(), outputLoss.reason(), false);
        sharedBuffers.losses.changed(process, outputLoss);
    }

    private long lose(Descriptor fifo, int most) {
        long taken = sharedBuffers.peek.take(fifo, most);
        if (taken <= 0) {
            return 0;
        }
        lostMidLine = sharedBuffers.peek.bytes()[(int) taken - 1] != '\n';
        lostTail.add(sharedBuffers.peek.bytes(), (int) taken);
        outputLoss = new OutputLoss(outputLoss.bytes() + taken, outputLoss.reason(), true);
        return taken;
    }

    /** Drops the rest of a partly lost line; false if that line does not end here. */
    private boolean isAtLine(Descriptor fifo) {
        if (!lostMidLine) {
            return true;
        }
        long there = sharedBuffers.peek.look(fifo, FifoPeek.MOST);
        if (there <= 0) {
            return true;
        }
        int line = 0;
        while (line < there && sharedBuffers.peek.bytes()[line] != '\n') {
            line++;
        }
        if (line == there) {
            skipped += line;
            return skipped > LONGEST_LINE;
        }
        lose(fifo, line + 1);
        return true;
    }
}
