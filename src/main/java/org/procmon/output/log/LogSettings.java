package org.procmon.output.log;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;
import org.procmon.config.FileAccess;
import org.procmon.config.OutputSpec;

/**
 * A log file and how it is kept.
 *
 * @param path of the file that is written; earlier ones have {@code .1}, {@code .2} and so on
 *     behind it, the latest first
 * @param maxBytes at which it is rotated; {@link #NO_LIMIT} for never
 * @param keep how many earlier files there are at most
 * @param timestamps whether each line begins with the time at which it was read
 * @param access of each file
 */
public record LogSettings(
        String path, long maxBytes, int keep, boolean timestamps, FileAccess access) {
    /** Twice as much is still a number. */
    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    public static LogSettings of(OutputSpec.Captured spec, Path otherwise) {
        return new LogSettings(
                BytePath.text(spec.file().orElse(otherwise)),
                spec.maxBytes() == 0 ? NO_LIMIT : spec.maxBytes(),
                spec.keep(),
                spec.timestamps(),
                spec.access());
    }

    /** The same at another path. */
    LogSettings at(String other) {
        return new LogSettings(other, maxBytes, keep, timestamps, access);
    }

    /** The path of an earlier file; of the one that is written if {@code age} is 0. */
    String path(int age) {
        return age == 0 ? path : path + "." + age;
    }
}
