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
    private final LogFile file;
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

    /** How many threads wait here; guarded by this for writing. */
    private volatile int waiting;

    /** Counts the notifications to readers; guarded by this. */
    private long notifications;

    /**
     * @param stream the name of its fifo, by which the next monitor knows it too
     */
    StreamCapture(String process, String stream, LogFile file, SharedBuffers sharedBuffers) {
        this.process = process;
        this.stream = stream;
        this.file = file;
        this.sharedBuffers = sharedBuffers;
        this.lostTail = new LostTail(sharedBuffers.remnants);
    }

    String stream() {
        return stream;
    }

    LogFile file() {
        return file;
    }

    /**
     * Moves some of a fifo's content.
     *
     * @return how many bytes were taken from it
     */
    long move(Descriptor fifo) {
        boolean again = outputLoss.failing();
        if (again && (sharedBuffers.clock.nanos() - nextTry < 0 || !isAtLine(fifo))) {
            return lose(fifo, FifoPeek.MOST);
        }
        long moved = file.take(fifo, again);
        if (moved == LogFile.FAILED) {
            failed();
            return lose(fifo, FifoPeek.MOST);
        }
        if (moved > 0) {
            if (again) {
                recovered();
            }
            if (waiting > 0) {
                notifyReaders();
            }
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
        OutputChunk kept = LogReader.last(file.settings(), lines, maxBytes);
        if (lost.length == 0) {
            return kept;
        }
        return kept instanceof OutputChunk.Piece piece
                ? LogReader.extended(piece, lost, lines, maxBytes)
                : LogReader.extended(LogReader.NOTHING, lost, lines, maxBytes);
    }

    /**
     * Waits for output that a reader at this position has not seen. Any thread.
     *
     * @return false on timeout
     */
    boolean awaitMore(String position, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            waiting++;
        }
        try {
            while (true) {
                long seen = notifications();
                if (LogReader.isMore(file.settings(), position)) {
                    return true;
                }
                if (!awaitNotification(seen, end)) {
                    return false;
                }
            }
        } finally {
            synchronized (this) {
                waiting--;
            }
        }
    }

    private synchronized long notifications() {
        return notifications;
    }

    private synchronized boolean awaitNotification(long seen, long end)
            throws InterruptedException {
        while (notifications == seen) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void notifyReaders() {
        notifications++;
        notifyAll();
    }

    private void failed() {
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

    private void recovered() {
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
