package org.procmon.config;

import java.util.List;

/** The rule for the names of environment variables: {@code [A-Za-z_][A-Za-z0-9_]*}. */
public final class VariableName {
    private static final List<String> RESERVED =
            List.of("PROCMON_ID", "PROCMON_RUN", "PROCMON_STATE_DIR");

    private VariableName() {}

    public static boolean isValid(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether users must not set it, because procmon does. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }
}
