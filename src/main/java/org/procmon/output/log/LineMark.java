package org.procmon.output.log;

import java.nio.charset.StandardCharsets;
import org.procmon.posix.Buffer;

/**
 * What stands before each line of a worker in a file that the workers of a pool share: {@code [2] }
 * for the second. Behind the timestamp, if there is one. Immutable.
 *
 * @param text the mark with the blank after it
 */
public record LineMark(String text) {
    /** The mark of a worker, by its number. */
    public static LineMark of(int worker) {
        return new LineMark("[" + worker + "] ");
    }

    int length() {
        return text.length();
    }

    /** Writes it into a buffer. */
    void write(Buffer out, int at) {
        for (int i = 0; i < text.length(); i++) {
            out.set(at + i, (byte) text.charAt(i));
        }
    }

    /**
     * Whether a line has this mark.
     *
     * @param at where the line starts, or the text after its timestamp
     */
    boolean isAt(byte[] bytes, int at) {
        byte[] mark = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < mark.length; i++) {
            if (at + i >= bytes.length || bytes[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
