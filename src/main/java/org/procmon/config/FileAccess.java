package org.procmon.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The owner, group and mode of a log file. Empty values are the same as for any file that the
 * monitor creates: mode 0640, less its umask, and its own user and group.
 *
 * @param mode the permission bits
 * @param owner a name or a number
 * @param group a name or a number
 */
public record FileAccess(OptionalInt mode, Optional<String> owner, Optional<String> group) {
    public static final FileAccess DEFAULT =
            new FileAccess(OptionalInt.empty(), Optional.empty(), Optional.empty());
}
