package org.procmon.output;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.procmon.posix.Descriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One captured stream: what its fifo holds goes into its log file. A file that cannot be written
 * never makes the process wait: what comes meanwhile is taken out of the fifo, counted, and gone.
 * The file is tried again when there is more, but only once a second, and after such a gap goes on
 * with a whole line on a line of its own.
 *
 * <p>The pump's thread moves; readers, on their own threads, wait for it to have done so.
 */
final class Capture {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final long BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(1);

    /** What goes on so long without an end of line has none. */
    private static final int LONGEST_LINE = Peek.MOST;

    private final String process;
    private final String stream;
    private final LogFile file;
    private final Bench bench;
    private final Remnant remnant;

    /** Behind what was lost: where a line ends, or so many bytes later. */
    private boolean lostMidLine;

    private int skipped;
    private long nextTry;
    private long lostSince;

    private volatile Loss loss = new Loss(0, "", false);

    /** How many threads wait here; guarded by this for writing. */
    private volatile int waiting;

    /** Counts what readers were told; guarded by this. */
    private long news;

    /**
     * @param stream the name of its fifo, by which the next monitor knows it too
     */
    Capture(String process, String stream, LogFile file, Bench bench) {
        this.process = process;
        this.stream = stream;
        this.file = file;
        this.bench = bench;
        this.remnant = new Remnant(bench.remnants);
    }

    String stream() {
        return stream;
    }

    LogFile file() {
        return file;
    }

    /**
     * Moves some of what a fifo holds.
     *
     * @return how many bytes were taken out of it
     */
    long move(Descriptor fifo) {
        boolean again = loss.failing();
        if (again && (bench.clock.nanos() - nextTry < 0 || !isAtLine(fifo))) {
            return lose(fifo, Peek.MOST);
        }
        long moved = file.take(fifo, again);
        if (moved == LogFile.FAILED) {
            failed();
            return lose(fifo, Peek.MOST);
        }
        if (moved > 0) {
            if (again) {
                recovered();
            }
            if (waiting > 0) {
                tellReaders();
            }
        }
        return moved;
    }

    /** Lets go of what is being lost, of which nobody will ask any more. */
    void forget() {
        remnant.forget();
    }

    /** What could not be kept; any thread. */
    Optional<Loss> loss() {
        Loss now = loss;
        return now.bytes() > 0 || now.failing() ? Optional.of(now) : Optional.empty();
    }

    /**
     * Reads the end of the stream: that of the file, and what is being lost now. Any thread.
     *
     * @param lines at most so many
     * @param maxBytes at most so many
     */
    Reading last(int lines, int maxBytes) {
        byte[] lost = remnant.bytes();
        Reading kept = LogReader.last(file.settings(), lines, maxBytes);
        if (lost.length == 0) {
            return kept;
        }
        return kept instanceof Reading.Piece piece
                ? LogReader.extended(piece, lost, lines, maxBytes)
                : LogReader.extended(LogReader.NOTHING, lost, lines, maxBytes);
    }

    /**
     * Waits until something is written that a reader at this position has not seen. Any thread.
     *
     * @return false if the time was over before
     */
    boolean awaitMore(String position, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            waiting++;
        }
        try {
            while (true) {
                long seen = news();
                if (LogReader.isMore(file.settings(), position)) {
                    return true;
                }
                if (!awaitNews(seen, end)) {
                    return false;
                }
            }
        } finally {
            synchronized (this) {
                waiting--;
            }
        }
    }

    private synchronized long news() {
        return news;
    }

    private synchronized boolean awaitNews(long seen, long end) throws InterruptedException {
        while (news == seen) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void tellReaders() {
        news++;
        notifyAll();
    }

    private void failed() {
        nextTry = bench.clock.nanos() + BETWEEN_TRIES;
        skipped = 0;
        boolean begins = !loss.failing();
        if (begins) {
            lostSince = loss.bytes();
            lostMidLine = false;
            LOG.warn("{}; output of {} is being lost", file.failure(), process);
        }
        loss = new Loss(loss.bytes(), file.failure(), true);
        if (begins) {
            bench.losses.changed(process, loss);
        }
    }

    private void recovered() {
        LOG.warn(
                "{} is written again; {} bytes of the output of {} were lost",
                file.settings().path(),
                loss.bytes() - lostSince,
                process);
        forget();
        loss = new Loss(loss.bytes(), loss.reason(), false);
        bench.losses.changed(process, loss);
    }

    private long lose(Descriptor fifo, int most) {
        long taken = bench.peek.take(fifo, most);
        if (taken <= 0) {
            return 0;
        }
        lostMidLine = bench.peek.bytes()[(int) taken - 1] != '\n';
        remnant.add(bench.peek.bytes(), (int) taken);
        loss = new Loss(loss.bytes() + taken, loss.reason(), true);
        return taken;
    }

    /** Loses the rest of the line that was lost in part; false if that does not end here. */
    private boolean isAtLine(Descriptor fifo) {
        if (!lostMidLine) {
            return true;
        }
        long there = bench.peek.look(fifo, Peek.MOST);
        if (there <= 0) {
            return true;
        }
        int line = 0;
        while (line < there && bench.peek.bytes()[line] != '\n') {
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
