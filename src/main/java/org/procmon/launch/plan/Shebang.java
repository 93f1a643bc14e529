package org.procmon.launch.plan;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;

/**
 * What a program starts with: of a script, the first line names its interpreter. One thread at a
 * time. Source: execve(2), elf(5).
 */
final class Shebang {
    /** The kernel reads this much. */
    private static final int LONGEST = 256;

    private static final String SCRIPT = "#!";
    private static final String ELF = "\177ELF";

    /** The directory of the formats that were added to the kernel's own. */
    private static final File ADDED = new File("/proc/sys/fs/binfmt_misc");

    private static final Set<String> NO_FORMATS = Set.of("register", "status");

    private final Buffer buffer = new Buffer(LONGEST);
    private final byte[] bytes = new byte[LONGEST];
    private final Transfer transfer = new Transfer();
    private final FileStatus status = new FileStatus();

    /** The interpreter that a file names; empty if it names none, or cannot be read here. */
    Optional<String> interpreter(String file) {
        return head(file).flatMap(Shebang::named);
    }

    /** Whether the kernel surely cannot execute a file. */
    boolean isOfNoFormat(String file) {
        Optional<String> head = head(file);
        return head.isPresent()
                && !head.get().startsWith(SCRIPT)
                && !head.get().startsWith(ELF)
                && !areFormatsAdded();
    }

    private static boolean areFormatsAdded() {
        String[] names = ADDED.list((_, name) -> !NO_FORMATS.contains(name));
        return names != null && names.length > 0;
    }

    /** The first bytes of a file; empty if it cannot be read here. */
    private Optional<String> head(String file) {
        if (!(Descriptor.read(file) instanceof Descriptor.Result.Opened(Descriptor open))) {
            return Optional.empty();
        }
        try (open) {
            if (!status.read(open) || !status.isRegular()) {
                return Optional.empty();
            }
            int count = (int) Math.max(0, transfer.readAt(open, 0, buffer, LONGEST));
            buffer.copyTo(bytes, 0, count);
            return Optional.of(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static Optional<String> named(String head) {
        int end = head.indexOf('\n');
        if (!head.startsWith(SCRIPT) || end < 0) {
            return Optional.empty();
        }
        int from = SCRIPT.length();
        while (from < end && isBlank(head.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < end && !isBlank(head.charAt(to))) {
            to++;
        }
        return from == to ? Optional.empty() : Optional.of(head.substring(from, to));
    }

    /** A carriage return is not white space: to the kernel it is part of the name. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
