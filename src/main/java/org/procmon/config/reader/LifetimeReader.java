package org.procmon.config.reader;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.DurationText;
import org.procmon.config.Lifetime;

/** Reads the limits of a process's runs, and what its exit means. */
final class LifetimeReader {
    /** No program runs with less. */
    private static final long LEAST_MEMORY = 1 << 20;

    private static final long MOST_MEMORY = 1L << 50;

    private final Problems problems;

    LifetimeReader(Problems problems) {
        this.problems = problems;
    }

    /** The same object for all processes without these keys. */
    Lifetime read(ObjectReader process) {
        if (Keys.LIFETIME.stream().noneMatch(process::has)) {
            return Lifetime.DEFAULT;
        }
        return new Lifetime(
                process.flag("essential", false),
                maxRuntime(process),
                memoryMax(process),
                process.count("priority", -Lifetime.UTMOST_PRIORITY, Lifetime.UTMOST_PRIORITY, 0));
    }

    private Optional<Duration> maxRuntime(ObjectReader process) {
        String key = "max_runtime";
        JsonValue given = process.value(key);
        if (given == null) {
            return Optional.empty();
        }
        // Other errors in the value have been reported already.
        Duration time = process.limit(key, Duration.ofNanos(1));
        if (time.isZero()) {
            problems.add(given.offset(), "'" + key + "' must be longer than 0");
        }
        return time.equals(DurationText.FOREVER) ? Optional.empty() : Optional.of(time);
    }

    private OptionalLong memoryMax(ObjectReader process) {
        String key = "memory_max";
        JsonValue given = process.value(key);
        if (given == null) {
            return OptionalLong.empty();
        }
        long bytes = process.size(key, LEAST_MEMORY);
        if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) {
            problems.add(given.offset(), "'" + key + "' must be from \"1MiB\" to \"1024TiB\"");
        }
        return OptionalLong.of(bytes);
    }
}
