package org.procmon.importing;

/**
 * Settings that have an equivalent of which the importers make nothing yet. When they do, the lines
 * here become cases of the importers.
 */
final class LaterKeys {
    private LaterKeys() {}

    /** The key that does what a setting of any of the formats does; empty if there is none. */
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
