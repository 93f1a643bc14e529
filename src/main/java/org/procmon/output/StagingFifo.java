package org.procmon.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.procmon.bytes.BytePath;
import org.procmon.output.log.FifoPeek;
import org.procmon.output.log.SharedBuffers;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.Processes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fifo of the monitor's own, for processes that write many lines one by one. While a pipe's bytes
 * are spliced into a file, writers to that pipe block. So all available bytes are first moved into
 * this fifo, which takes the same time for any amount, and from here into the file.
 *
 * <p>After the monitor is killed, the content survives while another process, the holder, has the
 * fifo open. Without a holder the fifo is not used. Before bytes are moved here, a file beside the
 * fifo records the stream that they belong to. The next monitor {@link #finish}es these bytes
 * before it moves any others. The pump's thread only, except {@link #heldBy}.
 */
final class StagingFifo implements AutoCloseable {
    /** No stream's fifo has this name: their names have an extension. */
    private static final String NAME = "staging";

    private static final String NOTE = "staging-of";
    private static final Logger LOG = LoggerFactory.getLogger(StagingFifo.class);
    private static final Descriptor NONE = new Descriptor(-1);
    private static final int NO_PID = 0;

    /** The longest file name and a newline. */
    private static final int LONGEST_NAME = 256;

    private final String path;
    private final Path note;
    private final SharedBuffers sharedBuffers;
    private final Descriptor fifo;
    private Descriptor noteFile = NONE;

    private volatile int holder = NO_PID;

    /** The holder that was checked last, and whether it has the fifo open. */
    private int checked = NO_PID;

    private boolean held;

    private final Buffer names = new Buffer(LONGEST_NAME);

    /** The stream that the note names. */
    private String noted = "";

    private StagingFifo(Path folder, SharedBuffers sharedBuffers) {
        this.path = BytePath.text(folder) + "/" + NAME;
        this.note = folder.resolve(NOTE);
        this.sharedBuffers = sharedBuffers;
        this.fifo =
                Fifo.open(path) instanceof Descriptor.Result.Opened opened
                        ? opened.descriptor()
                        : NONE;
    }

    /** Creates the fifo if there is none; if that fails, it is never used. */
    static StagingFifo open(Path folder, SharedBuffers sharedBuffers) {
        return new StagingFifo(folder, sharedBuffers);
    }

    /**
     * The descriptors that the holder must have open: this fifo, or none if there is none. Any
     * thread.
     */
    List<Descriptor> descriptors() {
        return isOpen() ? List.of(fifo) : List.of();
    }

    /** The fifo's path; none if there is none. Any thread. */
    List<String> paths() {
        return isOpen() ? List.of(path) : List.of();
    }

    /**
     * Sets the process that should have the fifo open. Any thread.
     *
     * @param pid 0 for none
     */
    void heldBy(int pid) {
        holder = pid;
    }

    /**
     * Moves a stream from its fifo into its file, through this fifo if that is safe.
     *
     * @return how many bytes were taken from the stream's fifo
     */
    long move(Descriptor from, StreamCapture streamCapture) {
        if (streamCapture.takesLines()) {
            // They are copied, which does not block the writer.
            return streamCapture.moveLines(from);
        }
        // What a device does not accept must stay in the process's own fifo, so that the process
        // waits.
        if (streamCapture.sink().file().isDevice()
                || !isHeld()
                || !isNoted(streamCapture.stream())) {
            return streamCapture.move(from);
        }
        long staged = Math.max(0, sharedBuffers.transfer.move(from, fifo, Fifo.WIDE));
        long left = staged;
        while (left > 0) {
            left -= streamCapture.move(fifo);
        }
        return staged;
    }

    /**
     * Moves on what an earlier monitor left here.
     *
     * @param captures finds a stream by its name
     */
    void finish(Function<String, Optional<StreamCapture>> captures) {
        if (!isLeft()) {
            return;
        }
        String stream = readNote();
        Optional<StreamCapture> owner = captures.apply(stream);
        if (owner.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue(
                            "reason",
                            stream.isEmpty()
                                    ? "no note names its stream"
                                    : stream + " is not captured")
                    .log("cannot keep output that another monitor left");
        }
        while (isLeft()) {
            if (owner.isPresent()) {
                owner.get().move(fifo);
            } else {
                sharedBuffers.peek.take(fifo, FifoPeek.MOST);
            }
        }
    }

    private boolean isOpen() {
        return fifo.number() >= 0;
    }

    private boolean isLeft() {
        return isOpen() && sharedBuffers.peek.look(fifo, 1) > 0;
    }

    private boolean isHeld() {
        int now = holder;
        if (now != checked) {
            checked = now;
            held =
                    now != NO_PID
                            && isOpen()
                            && Fifo.widen(fifo)
                            && Processes.openFiles(now).contains(path);
        }
        return held;
    }

    private boolean isNoted(String stream) {
        if (stream.equals(noted)) {
            return true;
        }
        noted = "";
        if (noteFile.number() < 0
                && Descriptor.update(BytePath.text(note))
                        instanceof Descriptor.Result.Opened opened) {
            noteFile = opened.descriptor();
        }
        byte[] line = (stream + "\n").getBytes(StandardCharsets.UTF_8);
        names.put(0, line, 0, line.length);
        if (noteFile.number() >= 0
                && sharedBuffers.transfer.writeAt(noteFile, 0, names, 0, line.length)
                        == line.length) {
            noted = stream;
        }
        return !noted.isEmpty();
    }

    private String readNote() {
        try {
            return Files.readString(note).lines().findFirst().orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            fifo.close();
        }
        if (noteFile.number() >= 0) {
            noteFile.close();
        }
    }
}
