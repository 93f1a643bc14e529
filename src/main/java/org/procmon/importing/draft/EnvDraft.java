package org.procmon.importing.draft;

import java.util.LinkedHashMap;
import java.util.Map;

/** The key {@code env} of a process under construction. */
public final class EnvDraft {
    private final Map<String, String> environment;
    private final ImportWarnings importWarnings;
    private final Map<String, String> written = new LinkedHashMap<>();

    public EnvDraft(Map<String, String> environment, ImportWarnings importWarnings) {
        this.environment = environment;
        this.importWarnings = importWarnings;
    }

    /** Sets a variable; the value may have {@link EnvPlaceholders}. */
    public void put(Setting setting, String name, String value) {
        if (name.equals("PROCMON_ID")) {
            importWarnings.none(setting, "procmon sets " + name + " itself");
            return;
        }
        if (!isName(name)) {
            importWarnings.none(setting, "'" + name + "' is no name of a variable");
            return;
        }
        String unset = EnvPlaceholders.unset(value, environment);
        if (!unset.isEmpty()) {
            importWarnings.none(
                    setting,
                    name
                            + " is left out, since its value uses "
                            + unset
                            + ", which is not set here");
            return;
        }
        written.put(name, EnvPlaceholders.asEnv(value));
    }

    public boolean has(String name) {
        return written.containsKey(name);
    }

    public Map<String, Object> members() {
        return new LinkedHashMap<>(written);
    }

    /** Whether a variable may have this name. */
    public static boolean isName(String text) {
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
