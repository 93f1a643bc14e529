package org.procmon.importing.draft;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Warnings about what was imported; each appears once. */
public final class ImportWarnings {
    private final Set<String> lines = new LinkedHashSet<>();

    /** Warns that a setting has no equivalent. */
    public void none(Setting setting, String why) {
        add(setting, "no equivalent: " + why);
    }

    public void add(Setting setting, String text) {
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
