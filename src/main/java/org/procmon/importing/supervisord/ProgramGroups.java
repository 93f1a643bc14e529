package org.procmon.importing.supervisord;

import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/** The sections {@code [group:NAME]}: which programs belong together, and when they start. */
final class ProgramGroups {
    private static final int DEFAULT_PRIORITY = 999;
    private static final int MOST = 999_999_999;

    private final ImportContext importContext;
    private final Map<String, String> groups = new HashMap<>();
    private final Map<String, Integer> priorities = new HashMap<>();

    ProgramGroups(ImportContext importContext) {
        this.importContext = importContext;
    }

    void add(FileSection fileSection) throws ImportAborted {
        String group = fileSection.name().substring(fileSection.name().indexOf(':') + 1).strip();
        ProgramSettings settings = new ProgramSettings(fileSection, importContext);
        ImportWarnings importWarnings = importContext.notes();
        importWarnings.none(
                fileSection.whole(), "a group; name its processes by a glob like 'web-*'");
        int priority = settings.whole("priority", Map.of(), DEFAULT_PRIORITY, -MOST, MOST);
        Setting programs = settings.of("programs", Map.of());
        StringTokenizer names = new StringTokenizer(programs == null ? "" : programs.value(), ",");
        while (names.hasMoreTokens()) {
            String program = names.nextToken().strip();
            groups.put(program, group);
            priorities.put(program, priority);
        }
        for (Setting setting : settings.all()) {
            if (!setting.key().equals("programs") && !setting.key().equals("priority")) {
                importWarnings.none(setting, "the setting is unknown");
            }
        }
    }

    /** The group of a program: its own, unless a section assigns another. */
    String of(String program) {
        return groups.getOrDefault(program, program);
    }

    int priority(String program, int own) {
        return priorities.getOrDefault(program, own);
    }
}
