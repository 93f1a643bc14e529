package org.procmon.output.log;

import java.util.Optional;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * Makes room for a new log file: {@code LOG} becomes {@code LOG.1}, that becomes {@code LOG.2}, and
 * so on; the oldest is deleted. Each step is one rename, so a monitor killed between two steps
 * leaves at most one number unused, which the next rotation fills.
 */
final class Rotation {
    private Rotation() {}

    /** Rotates; returns the error if the file has not moved. */
    static Optional<Errno> rotate(LogSettings log, FileStatus status) {
        if (log.keep() == 0) {
            return FileNames.remove(log.path());
        }
        int free = 1;
        while (free < log.keep() && status.read(log.path(free))) {
            free++;
        }
        for (int age = free - 1; age >= 0; age--) {
            Optional<Errno> failed = FileNames.rename(log.path(age), log.path(age + 1));
            if (failed.isPresent()) {
                return failed;
            }
        }
        // There are more files if {@code keep} was reduced.
        int surplus = log.keep() + 1;
        while (FileNames.remove(log.path(surplus)).isEmpty()) {
            surplus++;
        }
        return Optional.empty();
    }
}
