package org.procmon.output.log;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.procmon.config.FileAccess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log file that takes bytes from a fifo. The kernel moves them, so a monitor killed at any moment
 * neither loses bytes nor leaves them in both places. For timestamps, for marks, and on file
 * systems that cannot splice, the bytes are copied and then removed from the fifo. A monitor killed
 * in between repeats that piece, but loses nothing.
 *
 * <p>A path may lead to something else, see {@link LogTarget}: a link's target is written, and
 * rotated, in its place; a device is written as it is. The next byte goes to the current end of the
 * file, so that a file that another program truncated has no hole. A file that has lost its name is
 * created again. The pump's thread only, except {@link #keepAs}.
 */
public final class LogFile {
    /** {@link #take} returns this if nothing could be written; {@link #failure} says why. */
    public static final long FAILED = -1;

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final Descriptor CLOSED = new Descriptor(-1);
    private static final int MOST_AT_ONCE = 1 << 20;
    private static final long RETRY_DELAY = TimeUnit.SECONDS.toNanos(1);

    private final SharedBuffers sharedBuffers;
    private volatile LogSettings wanted;
    private volatile boolean changed;
    private LogSettings settings;
    private Descriptor file = CLOSED;

    /** The settings with the real path, to which the configured one leads. */
    private LogSettings real;

    private boolean isDevice;
    private @Nullable DeviceWriter device;
    private long size;
    private long lastUse;

    /** Whether the kernel cannot splice into the file. */
    private boolean unspliceable;

    /** The time until which the file may grow, as it could not be rotated. */
    private long growUntil;

    private boolean rotationFailed;
    private String failure = "";

    public LogFile(SharedBuffers sharedBuffers, LogSettings settings) {
        this.sharedBuffers = sharedBuffers;
        this.wanted = settings;
        this.settings = settings;
        this.real = settings;
    }

    /** Sets how to write from the next byte on. Any thread. */
    public void keepAs(LogSettings other) {
        wanted = other;
        changed = true;
    }

    /** Any thread. */
    public LogSettings settings() {
        return wanted;
    }

    public String failure() {
        return failure;
    }

    long lastUse() {
        return lastUse;
    }

    /**
     * Takes some of a fifo's content.
     *
     * @param newLine whether the output must start on a line of its own
     * @return how many bytes were taken, or {@link #FAILED}
     */
    public long take(Descriptor fifo, boolean newLine) {
        if (!isReady() && !open()) {
            return FAILED;
        }
        if (isDevice) {
            return feed(fifo, newLine);
        }
        if (newLine && isMidLine() && !endLine()) {
            return FAILED;
        }
        long most = most();
        if (settings.timestamps() || unspliceable) {
            return copy(fifo, most);
        }
        long room = most - size;
        if (room >= FifoPeek.MOST) {
            return splice(fifo, room >= MOST_AT_ONCE ? MOST_AT_ONCE : FifoPeek.MOST);
        }
        return takeLines(fifo, most);
    }

    private long most() {
        return rotationFailed && sharedBuffers.clock.nanos() - growUntil < 0
                ? LogSettings.NO_LIMIT
                : settings.maxBytes();
    }

    /**
     * Takes whole lines of a fifo into a file that others write to, too, so that each line stays
     * whole. A line is cut where it is longer than {@link FifoPeek#MOST}.
     *
     * @param mark what stands before each line
     * @param rest whether to take text without a newline too, which becomes a line
     * @return how many bytes were taken, or {@link #FAILED}
     */
    public long takeLines(Descriptor fifo, LineMark mark, boolean rest) {
        if (!isReady() && !open()) {
            return FAILED;
        }
        if (isDevice) {
            return feed(fifo, false);
        }
        if (isMidLine() && !endLine()) {
            return FAILED;
        }
        long there = sharedBuffers.peek.look(fifo, FifoPeek.MOST);
        if (there <= 0) {
            return Transfer.isPause(there) ? 0 : failed(there);
        }
        int whole = LineBoundary.wholeLines(sharedBuffers.peek.bytes(), (int) there);
        boolean isRest = whole == 0;
        if (isRest && !rest && there < FifoPeek.MOST) {
            return 0;
        }
        long taken = copyLines(fifo, mark, isRest ? there : whole);
        return isRest && taken == there && !endLine() ? FAILED : taken;
    }

    private long copyLines(Descriptor fifo, LineMark mark, long count) {
        long taken = 0;
        int rotations = 0;
        while (taken < count && rotations < 2) {
            if (!isReady() && !open()) {
                return taken > 0 ? taken : FAILED;
            }
            int next = (int) Math.min(count - taken, LineTimestamper.MOST);
            long step = copyPiece(fifo, most(), next, mark);
            if (step < 0) {
                return taken > 0 ? taken : step;
            }
            rotations = step > 0 ? 0 : rotations + 1;
            taken += step;
        }
        return taken;
    }

    private long feed(Descriptor fifo, boolean newLine) {
        DeviceWriter writer = device;
        if (writer == null) {
            writer = new DeviceWriter(sharedBuffers);
            device = writer;
        }
        long taken = writer.take(fifo, file, newLine, settings.timestamps());
        if (taken < 0) {
            fail(DeviceWriter.words(Transfer.errno(taken)));
            return FAILED;
        }
        return taken;
    }

    /** Whether it is a device, which does not keep what is written to it and may accept no more. */
    public boolean isDevice() {
        return isDevice;
    }

    /** Reopens the file, or creates it if need be, if it is open. */
    public void reopen() {
        if (isOpen()) {
            close();
            open();
        }
    }

    /** Closes it until it is used again. */
    public void close() {
        if (isOpen()) {
            file.close();
            file = CLOSED;
            sharedBuffers.openFiles.closed(this);
        }
    }

    private boolean isOpen() {
        return file.number() >= 0;
    }

    /** Whether the file is open, still has a name, and its size is known. */
    private boolean isReady() {
        if (changed) {
            changed = false;
            close();
            settings = wanted;
        }
        FileStatus status = sharedBuffers.status;
        if (!isOpen() || !status.read(file) || !status.isLinked()) {
            close();
            return false;
        }
        size = status.size();
        lastUse = sharedBuffers.openFiles.use();
        return true;
    }

    private boolean open() {
        return switch (LogTarget.of(settings.path(), sharedBuffers.status)) {
            case LogTarget.File(String path) -> opened(path, Descriptor::update, Errno::words);
            case LogTarget.Device(String path) ->
                    opened(path, Descriptor::feed, DeviceWriter::words);
            case LogTarget.Monitors monitors ->
                    fail("it leads to " + monitors.words() + ", which counts from the next start");
            case LogTarget.Refused(String reason) -> fail(reason);
        };
    }

    private boolean opened(
            String path, Function<String, Descriptor.Result> way, Function<Errno, String> words) {
        Descriptor.Result result = way.apply(path);
        if (isRefused(result, Errno.TOO_MANY_FILES) && sharedBuffers.openFiles.closeOne()) {
            result = way.apply(path);
        } else if (isRefused(result, Errno.ENOENT)) {
            Optional<String> refusal = LogFolders.make(LogTarget.folder(path));
            if (refusal.isPresent()) {
                return fail(refusal.get());
            }
            result = way.apply(path);
        }
        return switch (result) {
            case Descriptor.Result.NotOpened refused -> fail(words.apply(refused.errno()));
            case Descriptor.Result.Opened(Descriptor descriptor) -> opened(path, descriptor);
        };
    }

    private boolean opened(String path, Descriptor descriptor) {
        FileStatus status = sharedBuffers.status;
        if (!status.read(descriptor)
                || !(status.isRegular() || status.isFifo() || status.isCharacterDevice())) {
            descriptor.close();
            return fail("it is no regular file");
        }
        sharedBuffers.openFiles.opened(this);
        file = descriptor;
        real = settings.at(path);
        isDevice = !status.isRegular();
        size = status.size();
        lastUse = sharedBuffers.openFiles.use();
        unspliceable = false;
        if (!isDevice && !settings.access().equals(FileAccess.DEFAULT)) {
            sharedBuffers.ownership.apply(settings.access(), path, file, status);
        }
        return true;
    }

    private static boolean isRefused(Descriptor.Result result, Errno errno) {
        return result instanceof Descriptor.Result.NotOpened refused
                && refused.errno().number() == errno.number();
    }

    private long splice(Descriptor fifo, int most) {
        long moved = sharedBuffers.transfer.splice(fifo, file, size, most);
        if (moved > 0) {
            size += moved;
            return moved;
        }
        if (Transfer.isPause(moved)) {
            return 0;
        }
        if (Transfer.errno(moved).number() == Errno.INVALID.number()) {
            unspliceable = true;
            return copy(fifo, settings.maxBytes());
        }
        return failed(moved);
    }

    /** Near the maximum size: takes what fits, in whole lines, and starts the next file. */
    private long takeLines(Descriptor fifo, long most) {
        long there = sharedBuffers.peek.look(fifo, FifoPeek.MOST);
        if (there <= 0) {
            return Transfer.isPause(there) ? 0 : failed(there);
        }
        LineBoundary lineBoundary =
                LineBoundary.of(
                        sharedBuffers.peek.bytes(), (int) there, size, isMidLine(), most, 0);
        long taken = 0;
        while (taken < lineBoundary.bytes()) {
            long moved = splice(fifo, (int) (lineBoundary.bytes() - taken));
            if (moved <= 0) {
                return taken > 0 ? taken : moved;
            }
            taken += moved;
        }
        return rotated(lineBoundary, taken, fifo);
    }

    private long copy(Descriptor fifo, long most) {
        long there = sharedBuffers.peek.look(fifo, LineTimestamper.MOST);
        if (there <= 0) {
            return Transfer.isPause(there) ? 0 : failed(there);
        }
        long taken = copySeen(fifo, most, there, Optional.empty());
        return taken == 0 ? take(fifo, false) : taken;
    }

    private long copyPiece(Descriptor fifo, long most, int count, LineMark mark) {
        long there = sharedBuffers.peek.look(fifo, count);
        if (there <= 0) {
            return Transfer.isPause(there) ? 0 : failed(there);
        }
        // If this monitor dies after it, the next one goes on with a whole line.
        int lines = LineBoundary.linesOrAll(sharedBuffers.peek.bytes(), (int) there);
        return copySeen(fifo, most, lines, Optional.of(mark));
    }

    /** Copies bytes that were looked at; none if the next file begins before them. */
    private long copySeen(Descriptor fifo, long most, long there, Optional<LineMark> mark) {
        byte[] piece = sharedBuffers.peek.bytes();
        boolean midLine = isMidLine();
        boolean stamped = settings.timestamps();
        int prefix = (stamped ? TimestampFormat.LENGTH : 0) + mark.map(LineMark::length).orElse(0);
        LineBoundary lineBoundary =
                LineBoundary.of(piece, (int) there, size, midLine, most, prefix);
        if (lineBoundary.bytes() > 0) {
            long now = sharedBuffers.clock.wallMillis();
            long added =
                    sharedBuffers.stamper.write(
                            file, size, piece, lineBoundary.bytes(), midLine, stamped, mark, now);
            if (added <= 0) {
                return failed(added);
            }
            size += added;
            sharedBuffers.peek.takeOut(fifo, lineBoundary.bytes());
        }
        if (lineBoundary.full()) {
            rotate();
        }
        return lineBoundary.bytes();
    }

    /** Rotates after a full file; a cut before the first byte puts the piece in the next file. */
    private long rotated(LineBoundary lineBoundary, long taken, Descriptor fifo) {
        if (!lineBoundary.full()) {
            return taken;
        }
        rotate();
        return taken > 0 ? taken : take(fifo, false);
    }

    private void rotate() {
        FileStatus status = sharedBuffers.status;
        long inode = status.read(file) ? status.inode() : 0;
        Optional<Errno> failed = Optional.empty();
        // If another program moved the file, a new one is started anyway.
        if (status.read(real.path()) && status.inode() == inode) {
            failed = Rotation.rotate(real, status);
        }
        if (failed.isEmpty()) {
            rotationFailed = false;
            close();
            return;
        }
        if (!rotationFailed) {
            LOG.atWarn()
                    .addKeyValue("file", real.path())
                    .addKeyValue("reason", failed.get().words())
                    .log("cannot rotate a log file, it grows");
        }
        rotationFailed = true;
        growUntil = sharedBuffers.clock.nanos() + RETRY_DELAY;
    }

    private boolean isMidLine() {
        return size > 0 && !sharedBuffers.endsLine(file, size);
    }

    private boolean endLine() {
        long result = sharedBuffers.endLine(file, size);
        if (result <= 0) {
            failed(result);
            return false;
        }
        size += result;
        return true;
    }

    private long failed(long result) {
        fail(Transfer.errno(result).words());
        return FAILED;
    }

    private boolean fail(String reason) {
        failure = "cannot write " + settings.path() + ": " + reason;
        return false;
    }
}
