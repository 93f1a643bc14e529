package org.procmon.output;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;
import org.procmon.spec.OutputSpec;

/**
 * A log file and how it is kept.
 *
 * @param path of the file that is written; earlier ones have {@code .1}, {@code .2} and so on
 *     behind it, the latest first
 * @param maxBytes at which it is rotated; {@link #NO_LIMIT} for never
 * @param keep how many earlier files there are at most
 * @param timestamps whether each line begins with the time at which it was read
 */
record LogSettings(String path, long maxBytes, int keep, boolean timestamps) {
    /** Twice as much is still a number. */
    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    static LogSettings of(OutputSpec.Captured spec, Path otherwise) {
        return new LogSettings(
                BytePath.text(spec.file().orElse(otherwise)),
                spec.maxBytes() == 0 ? NO_LIMIT : spec.maxBytes(),
                spec.keep(),
                spec.timestamps());
    }

    /** The path of an earlier file; of the one that is written if {@code age} is 0. */
    String path(int age) {
        return age == 0 ? path : path + "." + age;
    }
}
