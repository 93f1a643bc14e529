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
 * A fifo of the monitor's own, for processes that write many lines one by one. Nobody can write to
 * a pipe while its bytes are put into a file; so all that has come is moved into this one first,
 * which takes no longer for much than for little, and from here into the file.
 *
 * <p>What is in it when the monitor is killed stays there as long as another process has it open,
 * the holder; without one it is not used. A file beside it says whose bytes these are, before they
 * are there; the next monitor {@link #finish}es with them before it moves any others. The pump's
 * thread only, but for {@link #heldBy}.
 */
final class StagingFifo implements AutoCloseable {
    /** No name of a stream's fifo is so: they have an ending. */
    private static final String NAME = "staging";

    private static final String NOTE = "staging-of";
    private static final Logger LOG = LoggerFactory.getLogger(StagingFifo.class);
    private static final Descriptor NONE = new Descriptor(-1);
    private static final int NOBODY = 0;

    /** As long as that of any file can be, and the end of a line. */
    private static final int LONGEST_NAME = 256;

    private final String path;
    private final Path note;
    private final SharedBuffers sharedBuffers;
    private final Descriptor fifo;
    private Descriptor noteFile = NONE;

    private volatile int holder = NOBODY;

    /** The holder that was asked last, and whether it is one. */
    private int asked = NOBODY;

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

    /** Makes the fifo if there is none; where that cannot be made, it is never used. */
    static StagingFifo open(Path folder, SharedBuffers sharedBuffers) {
        return new StagingFifo(folder, sharedBuffers);
    }

    /** What the holder is to have open: this fifo, or nothing if there is none. Any thread. */
    List<Descriptor> descriptors() {
        return isOpen() ? List.of(fifo) : List.of();
    }

    /** Its path; none if there is none. Any thread. */
    List<String> paths() {
        return isOpen() ? List.of(path) : List.of();
    }

    /**
     * Who is said to have it open. Any thread.
     *
     * @param pid 0 for nobody
     */
    void heldBy(int pid) {
        holder = pid;
    }

    /**
     * Moves what the fifo of a stream holds into its file, by this one if that is safe.
     *
     * @return how many bytes were taken out of it
     */
    long move(Descriptor from, StreamCapture streamCapture) {
        // What a device does not take has to stay where the process is kept waiting by it.
        if (streamCapture.file().isDevice() || !isHeld() || !isNoted(streamCapture.stream())) {
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
     * Moves on what another monitor has left here.
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
            LOG.warn(
                    "cannot keep what another monitor has left in {}: {}",
                    path,
                    stream.isEmpty() ? "no note says whose it is" : stream + " is not captured");
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
        if (now != asked) {
            asked = now;
            held =
                    now != NOBODY
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
