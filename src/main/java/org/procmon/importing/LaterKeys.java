package org.procmon.importing;

/**
 * Settings whose equivalent the documentation names and this version does not read. When a key is
 * read, its lines here become cases of the importers.
 */
final class LaterKeys {
    private LaterKeys() {}

    /** The key that a setting of any of the formats will become; empty if there is none. */
    static String of(String setting) {
        return switch (setting) {
            case "user", "User" -> "user";
            case "Group" -> "group";
            case "SupplementaryGroups" -> "groups";
            case "umask", "UMask" -> "umask";
            case "Nice" -> "nice";
            case "RootDirectory" -> "chroot";
            case "NoNewPrivileges" -> "no_new_privs";
            case "AmbientCapabilities", "CapabilityBoundingSet" -> "capabilities";
            case "MemoryMax" -> "memory_max";
            case "EnvironmentFile" -> "env_file";
            case "UnsetEnvironment" -> "clear_env";
            case "WatchdogSec" -> "watchdog";
            case "RuntimeMaxSec" -> "max_runtime";
            case "TimeoutStartSec" -> "ready";
            case "ExecReload" -> "reload_signal";
            case "ExecStartPre", "ExecStartPost", "ExecStopPost", "OnFailure" -> "hooks";
            case "minfds",
                    "minprocs",
                    "LimitNOFILE",
                    "LimitNPROC",
                    "LimitCORE",
                    "LimitMEMLOCK",
                    "LimitAS",
                    "LimitCPU",
                    "LimitFSIZE",
                    "LimitDATA",
                    "LimitSTACK",
                    "LimitRSS" ->
                    "limits";
            default -> "";
        };
    }
}
