package org.procmon.output.log;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the lines of one worker from a file that the workers of a pool share, without their marks.
 * Any thread; reads files. A position is one of the file, always after a whole line.
 */
public final class MarkedLines {
    /** How much of the end is looked at for the last lines of a worker, at first and at most. */
    private static final int FEWEST_BYTES = 64 << 10;

    private static final int MOST_BYTES = FEWEST_BYTES * 64;

    private final LogSettings log;
    private final LineMark mark;

    private MarkedLines(LogSettings log, LineMark mark) {
        this.log = log;
        this.mark = mark;
    }

    /** As {@link LogReader#last}, of one worker. */
    public static OutputChunk last(LogSettings log, LineMark mark, int lines, int maxBytes) {
        int most = FEWEST_BYTES;
        while (true) {
            OutputChunk all = LogReader.last(log, Integer.MAX_VALUE, most);
            if (!(all instanceof OutputChunk.Piece piece)) {
                return all;
            }
            OutputChunk.Piece whole = wholeLines(piece, most);
            boolean isCut = piece.bytes().length == most;
            byte[] own = new MarkedLines(log, mark).of(whole.bytes(), isCut);
            boolean isEnough = countOf(own) >= lines || own.length >= maxBytes;
            if (isEnough || !isCut || most >= MOST_BYTES) {
                return LogReader.extended(
                        new OutputChunk.Piece(own, whole.position(), false),
                        new byte[0],
                        lines,
                        maxBytes);
            }
            most *= 8;
        }
    }

    private static int countOf(byte[] lines) {
        int count = 0;
        for (byte one : lines) {
            if (one == '\n') {
                count++;
            }
        }
        return count;
    }

    /**
     * As {@link LogReader#after}, of one worker: goes on until it has found some of its lines, or
     * the end.
     */
    public static OutputChunk after(LogSettings log, LineMark mark, String position, int maxBytes) {
        MarkedLines reader = new MarkedLines(log, mark);
        String from = position;
        boolean skipped = false;
        while (true) {
            OutputChunk next = LogReader.after(log, from, maxBytes);
            if (!(next instanceof OutputChunk.Piece piece)) {
                return next;
            }
            OutputChunk.Piece whole = wholeLines(piece, maxBytes);
            skipped |= whole.skipped();
            byte[] own = reader.of(whole.bytes(), false);
            if (own.length > 0 || whole.position().equals(from)) {
                return new OutputChunk.Piece(own, whole.position(), skipped);
            }
            from = whole.position();
        }
    }

    /** A line that is longer than all that was asked for stays as it is. */
    private static OutputChunk.Piece wholeLines(OutputChunk.Piece piece, int maxBytes) {
        byte[] bytes = piece.bytes();
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == bytes.length || (end == 0 && bytes.length == maxBytes)) {
            return piece;
        }
        LogPosition position = LogPosition.parse(piece.position()).orElseThrow();
        LogPosition before =
                new LogPosition(
                        position.inode(),
                        position.birth(),
                        position.offset() - (bytes.length - end));
        return new OutputChunk.Piece(Arrays.copyOf(bytes, end), before.text(), piece.skipped());
    }

    /**
     * The lines with the mark, without it.
     *
     * @param isCut whether the first line may lack its beginning
     */
    private byte[] of(byte[] bytes, boolean isCut) {
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        int stamp = log.timestamps() ? TimestampFormat.LENGTH : 0;
        int line = isCut ? afterLine(bytes, 0) : 0;
        while (line < bytes.length) {
            int next = afterLine(bytes, line);
            if (mark.isAt(bytes, line + stamp)) {
                own.write(bytes, line, stamp);
                int text = line + stamp + mark.length();
                own.write(bytes, text, next - text);
            } else if (mark.isAt(bytes, line)) {
                // Written before timestamps were configured.
                own.write(bytes, line + mark.length(), next - line - mark.length());
            }
            line = next;
        }
        return own.toByteArray();
    }

    private static int afterLine(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return Math.min(bytes.length, at + 1);
    }
}
