package org.procmon.output.log;

import java.util.Optional;

/**
 * A place in the output of a stream: an offset in bytes into a file. The inode and the creation
 * time identify the file; rotation keeps both. As text it is {@code INODE.BIRTH:OFFSET}.
 */
record LogPosition(long inode, long birth, long offset) {
    /** Before all output. */
    static final LogPosition START = new LogPosition(0, 0, 0);

    /** The position that a text contains; empty if it is not one. */
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
