package org.procmon.output;

import java.util.Optional;
import org.procmon.output.log.OutputLoss;
import org.procmon.posix.Descriptor;
import org.procmon.posix.DescriptorLimit;
import org.procmon.posix.Errno;
import org.procmon.posix.Fifo;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fifo of one captured stream. Any thread, one at a time, except {@link #loss}; opening takes
 * some microseconds.
 */
final class CaptureFifo {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureFifo.class);
    private static final Descriptor NONE = new Descriptor(-1);

    private final String process;
    private final String path;
    private final StreamCapture streamCapture;
    private final Pump pump;
    private Descriptor fifo = NONE;
    private long inode;
    private int key;

    /** Why the fifo is missing, in words; empty if it exists, or was not needed yet. */
    private volatile String missing = "";

    CaptureFifo(String process, String path, StreamCapture streamCapture, Pump pump) {
        this.process = process;
        this.path = path;
        this.streamCapture = streamCapture;
        this.pump = pump;
    }

    String path() {
        return path;
    }

    StreamCapture capture() {
        return streamCapture;
    }

    /** The open fifo; empty if it is not open. */
    Optional<Descriptor> fifo() {
        return !isOpen() ? Optional.empty() : Optional.of(fifo);
    }

    /**
     * Makes sure that the fifo exists at its path, for a child to open, and that it is read.
     *
     * @param status a scratch buffer
     * @param most the largest descriptor number to use, except far aside
     * @return false if the child must do without the fifo
     */
    boolean open(FileStatus status, long most) {
        if (isOpen()) {
            if (status.read(path) && status.inode() == inode) {
                return true;
            }
            // Another program removed it. Children of earlier runs may still write to it.
            close();
        }
        return adopt(Fifo.open(path), status, most);
    }

    /**
     * Reads a fifo that already exists, or that some process has open; does nothing if there is
     * none.
     */
    void openExisting(FileStatus status, long most, FifoHolders holders) {
        if (isOpen()) {
            return;
        }
        if (Fifo.openExisting(path) instanceof Descriptor.Result.Opened opened) {
            adopt(opened, status, most);
            return;
        }
        Optional<String> held = holders.find(process, streamCapture.stream());
        if (held.isPresent()
                && Fifo.openHeld(held.get()) instanceof Descriptor.Result.Opened opened) {
            LOG.atWarn()
                    .addKeyValue("process", process)
                    .addKeyValue("path", path)
                    .addKeyValue("descriptor", held.get())
                    .log("{process} lost a fifo, reading on from its open descriptor");
            adopt(opened, status, most);
        }
    }

    private boolean adopt(Descriptor.Result result, FileStatus status, long most) {
        return switch (result) {
            case Descriptor.Result.NotOpened refused -> isMissing(refused.errno());
            case Descriptor.Result.Opened opened -> {
                Descriptor descriptor = DescriptorLimit.aside(opened.descriptor());
                boolean room = descriptor.number() <= most || DescriptorLimit.isAside(descriptor);
                if (!room || !status.read(descriptor)) {
                    descriptor.close();
                    yield isMissing(Errno.TOO_MANY_FILES);
                }
                fifo = descriptor;
                inode = status.inode();
                missing = "";
                key = pump.add(descriptor, streamCapture);
                yield true;
            }
        };
    }

    private boolean isMissing(Errno errno) {
        if (missing.isEmpty()) {
            missing = "cannot open fifo " + path + ": " + errno.words();
            LOG.atWarn()
                    .addKeyValue("process", process)
                    .addKeyValue("reason", missing)
                    .log("{process} output is dropped");
        }
        return false;
    }

    /** Moves the fifo's content, later, and closes it. */
    void close() {
        if (isOpen()) {
            fifo = NONE;
            pump.retire(key);
        }
    }

    /** Like {@link #close}, and removes the fifo. */
    void remove() {
        close();
        pump.later(streamCapture::forget);
        FileNames.remove(path);
    }

    private boolean isOpen() {
        return fifo.number() >= 0;
    }

    /** The output that could not be kept. Any thread. */
    Optional<OutputLoss> loss() {
        String reason = missing;
        return reason.isEmpty()
                ? streamCapture.loss()
                : Optional.of(
                        new OutputLoss(
                                streamCapture.loss().map(OutputLoss::bytes).orElse(0L),
                                reason,
                                true));
    }
}
