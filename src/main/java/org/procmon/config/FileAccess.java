package org.procmon.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * To whom a log file belongs, and who else may do what with it. What is empty is as for any file
 * that the monitor makes: mode 0640, less its umask, and its own user and group.
 *
 * @param mode the permission bits
 * @param owner a name or a number
 * @param group a name or a number
 */
public record FileAccess(OptionalInt mode, Optional<String> owner, Optional<String> group) {
    public static final FileAccess DEFAULT =
            new FileAccess(OptionalInt.empty(), Optional.empty(), Optional.empty());
}
