package org.procmon.output.log;

/**
 * Where to cut a piece of output, so that files end at line ends: which bytes still belong in the
 * current file, and whether the next file starts after them.
 *
 * <p>A line that starts in a file is finished there, up to twice the maximum size; a longer line is
 * broken.
 *
 * @param bytes the number of bytes from the start of the piece
 * @param full whether the file is complete with them
 */
record LineBoundary(int bytes, boolean full) {
    /**
     * Cuts a piece.
     *
     * @param piece the output
     * @param count how many bytes of it count
     * @param size the size of the file before it
     * @param midLine whether the file ends inside a line
     * @param most the maximum size of a file
     * @param prefix how many bytes are put before each line
     */
    static LineBoundary of(
            byte[] piece, int count, long size, boolean midLine, long most, int prefix) {
        long end = size;
        int taken = 0;
        boolean begun = midLine;
        while (taken < count) {
            int next = afterLine(piece, taken, count);
            boolean whole = next > taken && piece[next - 1] == '\n';
            long before = begun ? 0 : prefix;
            long after = end + before + (next - taken);
            if (after > most) {
                if (!begun && end > 0) {
                    return new LineBoundary(taken, true);
                }
                if (after > 2 * most) {
                    return new LineBoundary(
                            taken + (int) Math.max(0, 2 * most - end - before), true);
                }
                return new LineBoundary(next, whole);
            }
            end = after;
            taken = next;
            begun = !whole;
        }
        return new LineBoundary(taken, false);
    }

    /** How many bytes of a piece are whole lines. */
    static int wholeLines(byte[] piece, int count) {
        int end = count;
        while (end > 0 && piece[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** The same; all of them if a line is longer than the piece. */
    static int linesOrAll(byte[] piece, int count) {
        int whole = wholeLines(piece, count);
        return whole > 0 ? whole : count;
    }

    /** The index after the line that starts here, or the end of the piece. */
    private static int afterLine(byte[] piece, int from, int count) {
        int at = from;
        while (at < count && piece[at] != '\n') {
            at++;
        }
        return at < count ? at + 1 : count;
    }
}
