package org.procmon.output;

/**
 * A place in the output of a stream: so many bytes into a file, which is told from all others by
 * its inode and the moment at which it was made, and keeps these when it is rotated. As text it is
 * {@code INODE.BIRTH:OFFSET}.
 */
record Position(long inode, long birth, long offset) {
    /** Before everything. */
    static final Position START = new Position(0, 0, 0);

    /** The position of a text; the start if it is none. */
    static Position parse(String text) {
        int dot = text.indexOf('.');
        int colon = text.indexOf(':');
        if (dot < 1 || colon < dot) {
            return START;
        }
        try {
            return new Position(
                    Long.parseLong(text, 0, dot, 10),
                    Long.parseLong(text, dot + 1, colon, 10),
                    Math.max(0, Long.parseLong(text, colon + 1, text.length(), 10)));
        } catch (NumberFormatException _) {
            return START;
        }
    }

    String text() {
        return inode + "." + birth + ":" + offset;
    }

    boolean isStart() {
        return inode == 0;
    }
}
