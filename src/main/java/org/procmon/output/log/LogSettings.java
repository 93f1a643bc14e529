package org.procmon.output.log;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;
import org.procmon.config.FileAccess;
import org.procmon.config.OutputSpec;

/**
 * A log file and how it is kept.
 *
 * @param path of the current file; earlier ones have the suffixes {@code .1}, {@code .2} and so on,
 *     the latest first
 * @param maxBytes the size at which it is rotated; {@link #NO_LIMIT} for never
 * @param keep how many earlier files to keep
 * @param timestamps whether each line starts with the time at which it was read
 * @param access of each file
 */
public record LogSettings(
        String path, long maxBytes, int keep, boolean timestamps, FileAccess access) {
    /** Twice this does not overflow. */
    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    public static LogSettings of(OutputSpec.Captured spec, Path otherwise) {
        return new LogSettings(
                BytePath.text(spec.file().orElse(otherwise)),
                spec.maxBytes() == 0 ? NO_LIMIT : spec.maxBytes(),
                spec.keep(),
                spec.timestamps(),
                spec.access());
    }

    /** The same settings at another path. */
    LogSettings at(String other) {
        return new LogSettings(other, maxBytes, keep, timestamps, access);
    }

    /** The path of an earlier file; of the current one if {@code age} is 0. */
    String path(int age) {
        return age == 0 ? path : path + "." + age;
    }
}
