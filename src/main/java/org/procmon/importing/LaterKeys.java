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
            case "MemoryMax" -> "memory_max";
            case "RuntimeMaxSec" -> "max_runtime";
            case "ExecStartPre", "ExecStartPost" -> "hooks.before_start";
            case "ExecStopPost" -> "hooks.after_stop";
            default -> "";
        };
    }
}
