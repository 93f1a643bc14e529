package org.procmon.output.log;

import java.util.Optional;

/**
 * A place in the output of a stream: so many bytes into a file, which is told from all others by
 * its inode and the moment at which it was made, and keeps these when it is rotated. As text it is
 * {@code INODE.BIRTH:OFFSET}.
 */
record LogPosition(long inode, long birth, long offset) {
    /** Before everything. */
    static final LogPosition START = new LogPosition(0, 0, 0);

    /** The position of a text; empty if it is none. */
    static Optional<LogPosition> parse(String text) {
        int dot = text.indexOf('.');
        int colon = text.indexOf(':');
        if (dot < 1 || colon < dot) {
            return Optional.empty();
        }
        try {
            long inode = Long.parseLong(text, 0, dot, 10);
            long birth = Long.parseLong(text, dot + 1, colon, 10);
            long offset = Long.parseLong(text, colon + 1, text.length(), 10);
            return inode < 0 || offset < 0
                    ? Optional.empty()
                    : Optional.of(new LogPosition(inode, birth, offset));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    String text() {
        return inode + "." + birth + ":" + offset;
    }

    boolean isStart() {
        return inode == 0;
    }
}
