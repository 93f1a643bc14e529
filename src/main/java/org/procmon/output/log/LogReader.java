package org.procmon.output.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;

/**
 * Reads log files and their predecessors as one stream. Rotation only renames files, so going from
 * the newest to the oldest misses none. A rotation in between can at worst show one file twice,
 * which is detected. Any thread; reads files.
 */
public final class LogReader {
    public static final OutputChunk.Piece NOTHING =
            new OutputChunk.Piece(new byte[0], LogPosition.START.text(), false);

    private final LogSettings log;
    private final FileStatus status = new FileStatus();

    /** The next file to look for, and how many were missing in a row. */
    private int age;

    private int missing;

    private LogReader(LogSettings log) {
        this.log = log;
    }

    public static OutputChunk last(LogSettings log, int lines, int maxBytes) {
        return switch (LogTarget.of(log.path(), new FileStatus())) {
            case LogTarget.File(String path) -> new LogReader(log.at(path)).last(lines, maxBytes);
            case LogTarget other -> notKept(log, other);
        };
    }

    public static OutputChunk after(LogSettings log, String position, int maxBytes) {
        Optional<LogPosition> from = LogPosition.parse(position);
        if (from.isEmpty()) {
            return new OutputChunk.NoPosition();
        }
        return switch (LogTarget.of(log.path(), new FileStatus())) {
            case LogTarget.File(String path) ->
                    new LogReader(log.at(path)).after(from.get(), maxBytes);
            case LogTarget other -> notKept(log, other);
        };
    }

    private static OutputChunk notKept(LogSettings log, LogTarget target) {
        String reason =
                switch (target) {
                    case LogTarget.File _ -> "it is there";
                    case LogTarget.Device _ -> "it is no file that keeps what is written to it";
                    case LogTarget.Monitors monitors -> "it leads to " + monitors.words();
                    case LogTarget.Refused(String why) -> why;
                };
        return new OutputChunk.NotKept("cannot read " + log.path() + ": " + reason);
    }

    /** The end of a piece and of more output after it, limited to this many lines and bytes. */
    public static OutputChunk extended(
            OutputChunk.Piece piece, byte[] more, int lines, int maxBytes) {
        byte[] all = joined(piece.bytes(), more);
        int begin = Math.max(firstOf(all, lines), all.length - maxBytes);
        return new OutputChunk.Piece(
                Arrays.copyOfRange(all, begin, all.length), piece.position(), piece.skipped());
    }

    /** Whether {@link #after} would find output, or move on to another file. */
    public static boolean isMore(LogSettings log, String position) {
        return after(log, position, 1) instanceof OutputChunk.Piece piece
                && (piece.bytes().length > 0 || !piece.position().equals(position));
    }

    private OutputChunk last(int lines, int maxBytes) {
        byte[] bytes = {};
        LogPosition end = LogPosition.START;
        @Nullable LogSegment newer = null;
        try {
            for (LogSegment file = next(null); file != null; file = next(newer)) {
                if (newer == null) {
                    end = file.at(file.size());
                } else {
                    newer.close();
                }
                newer = file;
                int count = (int) Math.min(file.size(), maxBytes - bytes.length);
                bytes = joined(file.read(file.size() - count, count), bytes);
                if (bytes.length == maxBytes || lines <= 0 || firstOf(bytes, lines) > 0) {
                    break;
                }
            }
        } catch (IOException e) {
            return unreadable(e);
        } finally {
            if (newer != null) {
                newer.close();
            }
        }
        if (newer == null) {
            return nothing(LogPosition.START);
        }
        byte[] found = Arrays.copyOfRange(bytes, firstOf(bytes, lines), bytes.length);
        return new OutputChunk.Piece(found, end.text(), false);
    }

    private OutputChunk after(LogPosition logPosition, int maxBytes) {
        @Nullable LogSegment newer = null;
        try {
            for (LogSegment file = next(null); file != null; file = next(newer)) {
                @Nullable LogSegment passed = newer;
                newer = file;
                try {
                    if (file.is(logPosition)) {
                        return found(file, passed, logPosition.offset(), maxBytes);
                    }
                } finally {
                    if (passed != null) {
                        passed.close();
                    }
                }
            }
            return newer == null
                    ? nothing(logPosition)
                    : piece(newer, 0, maxBytes, !logPosition.isStart());
        } catch (IOException e) {
            return unreadable(e);
        } finally {
            if (newer != null) {
                newer.close();
            }
        }
    }

    private static OutputChunk found(
            LogSegment file, @Nullable LogSegment newer, long offset, int maxBytes)
            throws IOException {
        boolean cutShort = offset > file.size();
        if (newer != null && offset >= file.size()) {
            return piece(newer, 0, maxBytes, cutShort);
        }
        return piece(file, cutShort ? 0 : offset, maxBytes, cutShort);
    }

    private static OutputChunk piece(LogSegment file, long offset, int maxBytes, boolean skipped)
            throws IOException {
        byte[] bytes = file.read(offset, (int) Math.min(file.size() - offset, maxBytes));
        return new OutputChunk.Piece(bytes, file.at(offset + bytes.length).text(), skipped);
    }

    /** The next older file; null if there is none. */
    private @Nullable LogSegment next(@Nullable LogSegment newer) {
        while (missing < 2) {
            Optional<LogSegment> opened = LogSegment.open(log.path(age++), status);
            if (opened.isEmpty()) {
                missing++;
                continue;
            }
            missing = 0;
            LogSegment file = opened.get();
            if (newer == null || file.inode() != newer.inode() || file.birth() != newer.birth()) {
                return file;
            }
            file.close();
        }
        return null;
    }

    private OutputChunk nothing(LogPosition logPosition) {
        return switch (Descriptor.look(log.path())) {
            case Descriptor.Result.NotOpened refused when isTrouble(refused.errno()) ->
                    new OutputChunk.NotKept(
                            "cannot read " + log.path() + ": " + refused.errno().words());
            case Descriptor.Result.NotOpened _ ->
                    new OutputChunk.Piece(new byte[0], logPosition.text(), false);
            case Descriptor.Result.Opened opened -> {
                opened.descriptor().close();
                yield new OutputChunk.Piece(new byte[0], logPosition.text(), false);
            }
        };
    }

    private static boolean isTrouble(Errno errno) {
        return errno.number() != Errno.ENOENT.number();
    }

    private OutputChunk unreadable(IOException e) {
        return new OutputChunk.NotKept("cannot read " + log.path() + ": " + e.getMessage());
    }

    /** The index at which the last lines start; 0 if there are no more lines than that. */
    private static int firstOf(byte[] bytes, int lines) {
        int left = lines;
        if (lines <= 0) {
            return bytes.length;
        }
        for (int i = bytes.length - 2; i >= 0; i--) {
            if (bytes[i] == '\n' && --left == 0) {
                return i + 1;
            }
        }
        return 0;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
