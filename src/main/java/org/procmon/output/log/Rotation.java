package org.procmon.output.log;

import java.util.Optional;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * Moves a log file out of the way of the next: {@code LOG} becomes {@code LOG.1}, that {@code
 * LOG.2}, and so on; the oldest goes. Each step is one change of a name, so that a monitor killed
 * between two leaves at most a number unused, which the next rotation fills.
 */
final class Rotation {
    private Rotation() {}

    /** Rotates; the error if the file is where it was. */
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
        // There are more if fewer are to be kept than before.
        int surplus = log.keep() + 1;
        while (FileNames.remove(log.path(surplus)).isEmpty()) {
            surplus++;
        }
        return Optional.empty();
    }
}
