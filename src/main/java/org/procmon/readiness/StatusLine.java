package org.procmon.readiness;

import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;
import org.procmon.posix.Transfer;

/** The first line of an answer, as it comes in. One thread. */
final class StatusLine {
    /** In bytes; the status stands at its beginning. */
    private static final int LONGEST = 512;

    private final StringBuilder text = new StringBuilder();

    /** How much of it there is. */
    sealed interface Result {
        record Whole(String line) implements Result {}

        record Part() implements Result {}

        record Broken(Errno errno) implements Result {}
    }

    /** Takes what has come; the end of all that comes is the end of the line, too. */
    Result read(Descriptor socket) {
        byte[] piece = new byte[LONGEST - text.length()];
        long count = Endpoint.receive(socket, piece);
        if (count < 0) {
            return Transfer.isPause(count)
                    ? new Result.Part()
                    : new Result.Broken(Transfer.errno(count));
        }
        for (int i = 0; i < count; i++) {
            if (piece[i] == '\n') {
                return new Result.Whole(text.toString());
            }
            text.append((char) (piece[i] & 0xff));
        }
        return count == 0 || text.length() == LONGEST
                ? new Result.Whole(text.toString())
                : new Result.Part();
    }
}
