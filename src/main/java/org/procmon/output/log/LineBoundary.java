package org.procmon.output.log;

/**
 * Where a piece of output is cut, so that files end at the ends of lines: which of its bytes still
 * belong into the current file, and whether the next file begins after them.
 *
 * <p>A line that has begun in a file is ended in it, up to twice the largest size; a line longer
 * than that is broken.
 *
 * @param bytes so many of the piece, from its start
 * @param full whether the file is complete with them
 */
record LineBoundary(int bytes, boolean full) {
    /**
     * Cuts a piece.
     *
     * @param piece the output
     * @param count how many bytes of it count
     * @param size of the file before it
     * @param midLine whether the file ends inside a line
     * @param most the largest size of a file
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

    /** Behind the line that begins here, or the end of the piece. */
    private static int afterLine(byte[] piece, int from, int count) {
        int at = from;
        while (at < count && piece[at] != '\n') {
            at++;
        }
        return at < count ? at + 1 : count;
    }
}
