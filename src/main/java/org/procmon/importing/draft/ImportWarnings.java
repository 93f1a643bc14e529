package org.procmon.importing.draft;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people should know about what was imported; each thing is told once. */
public final class ImportWarnings {
    private final Set<String> lines = new LinkedHashSet<>();

    /** A setting has no equivalent. */
    public void none(Setting setting, String why) {
        tell(setting, "no equivalent: " + why);
    }

    public void tell(Setting setting, String text) {
        StringBuilder line = new StringBuilder().append(setting.spot()).append(": ");
        if (!setting.section().isEmpty()) {
            line.append('[').append(setting.section()).append(']');
            line.append(setting.key().isEmpty() ? ": " : " ");
        }
        if (!setting.key().isEmpty()) {
            line.append(setting.key()).append(": ");
        }
        lines.add(PrintableText.of(line.append(text).toString()));
    }

    public List<String> lines() {
        return new ArrayList<>(lines);
    }
}
