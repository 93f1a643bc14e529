package org.procmon.importing.systemd;

import java.nio.file.Path;
import java.util.Map;

/**
 * The differences between the system manager and a user's manager: the directories that a unit may
 * name, and the user that it runs as.
 *
 * <p>Source: systemd.unit(5), "Specifiers".
 *
 * @param ofUser whether it is the manager of a user
 */
record UnitFolders(
        boolean ofUser,
        String user,
        String home,
        String shell,
        String runtime,
        String state,
        String cache,
        String logs,
        String configuration) {
    private static final UnitFolders SYSTEM =
            new UnitFolders(
                    false,
                    "root",
                    "/root",
                    "/bin/sh",
                    "/run",
                    "/var/lib",
                    "/var/cache",
                    "/var/log",
                    "/etc");

    /** Those of the unit's manager, found by the directory of its file. */
    static UnitFolders of(Path file, Map<String, String> environment) {
        String path = file.toAbsolutePath().normalize().toString();
        if (!path.contains("/systemd/user/")) {
            return SYSTEM;
        }
        String home = environment.getOrDefault("HOME", "/");
        String configuration = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
        return new UnitFolders(
                true,
                environment.getOrDefault("USER", environment.getOrDefault("LOGNAME", "root")),
                home,
                environment.getOrDefault("SHELL", "/bin/sh"),
                environment.getOrDefault("XDG_RUNTIME_DIR", "/run/user/0"),
                environment.getOrDefault("XDG_STATE_HOME", home + "/.local/state"),
                environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache"),
                environment.getOrDefault("XDG_STATE_HOME", home + "/.local/state") + "/log",
                configuration);
    }
}
