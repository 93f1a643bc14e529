package org.procmon.importing;

import java.util.LinkedHashMap;
import java.util.Map;

/** The key {@code env} of a process in the making. */
final class Variables {
    private final Map<String, String> environment;
    private final Notes notes;
    private final Map<String, String> written = new LinkedHashMap<>();

    Variables(Map<String, String> environment, Notes notes) {
        this.environment = environment;
        this.notes = notes;
    }

    /** Sets a variable; the value may have {@link Marks}. */
    void put(Setting setting, String name, String value) {
        if (name.equals("PROCMON_ID")) {
            notes.none(setting, "procmon sets " + name + " itself");
            return;
        }
        if (!isName(name)) {
            notes.none(setting, "'" + name + "' is no name of a variable");
            return;
        }
        String unset = Marks.unset(value, environment);
        if (!unset.isEmpty()) {
            notes.none(
                    setting,
                    name
                            + " is left out, since its value uses "
                            + unset
                            + ", which is not set here");
            return;
        }
        written.put(name, Marks.asEnv(value));
    }

    boolean has(String name) {
        return written.containsKey(name);
    }

    Map<String, Object> members() {
        return new LinkedHashMap<>(written);
    }

    /** Whether a variable may be named so. */
    static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
