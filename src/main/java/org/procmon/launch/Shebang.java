package org.procmon.launch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;

/** The first line of scripts, which names their interpreter. One thread at a time. */
final class Shebang {
    /** As much does the kernel read. */
    private static final int LONGEST = 256;

    private final Buffer buffer = new Buffer(LONGEST);
    private final byte[] bytes = new byte[LONGEST];
    private final Transfer transfer = new Transfer();
    private final FileStatus status = new FileStatus();

    /** The interpreter that a file names; empty if it names none, or cannot be read here. */
    Optional<String> interpreter(String file) {
        if (!(Descriptor.read(file) instanceof Descriptor.Result.Opened(Descriptor open))) {
            return Optional.empty();
        }
        try (open) {
            if (!status.read(open) || !status.isRegular()) {
                return Optional.empty();
            }
            int count = (int) Math.max(0, transfer.readAt(open, 0, buffer, LONGEST));
            buffer.copyTo(bytes, 0, count);
            return named(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static Optional<String> named(String head) {
        int end = head.indexOf('\n');
        if (!head.startsWith("#!") || end < 0) {
            return Optional.empty();
        }
        int from = 2;
        while (from < end && isBlank(head.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < end && !isBlank(head.charAt(to))) {
            to++;
        }
        return from == to ? Optional.empty() : Optional.of(head.substring(from, to));
    }

    /** A carriage return is none: to the kernel it is part of the name. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
