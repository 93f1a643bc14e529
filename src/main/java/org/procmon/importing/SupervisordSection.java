package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The section {@code [supervisord]}: what it says for all programs. */
final class SupervisordSection {
    private final Surroundings surroundings;
    private final Map<String, Object> top = new LinkedHashMap<>();
    private final List<SupervisordEnv.Variable> environment = new ArrayList<>();
    private String directory = "";

    /**
     * Reads the section.
     *
     * @param block the section; null if the file has none
     */
    SupervisordSection(@Nullable Block block, Surroundings surroundings) throws Refusal {
        this.surroundings = surroundings;
        if (block != null) {
            for (Setting setting : block.settings()) {
                read(setting);
            }
        }
    }

    private void read(Setting setting) throws Refusal {
        switch (setting.key()) {
            case "environment" -> {
                String text = Expansion.of(setting, Map.of());
                environment.addAll(SupervisordEnv.variables(setting, text));
            }
            case "directory" -> directory = settled(setting, Map.of());
            case "childlogdir" -> {
                String folder = settled(setting, Map.of());
                if (!folder.isEmpty()) {
                    top.put("output", Map.of("directory", folder));
                }
            }
            case "logfile",
                    "logfile_maxbytes",
                    "logfile_backups",
                    "loglevel",
                    "pidfile",
                    "nodaemon",
                    "silent",
                    "nocleanup",
                    "strip_ansi",
                    "identifier" -> {
                // They are about supervisord itself, not about what it runs.
            }
            case "minfds", "minprocs" ->
                    surroundings
                            .notes()
                            .none(setting, "it belongs into the 'limits' of each process");
            default -> surroundings.notes().none(setting, "a setting of supervisord itself");
        }
    }

    /** The keys of the configuration beside the processes. */
    Map<String, Object> top() {
        return top;
    }

    /** The variables of all programs. */
    List<SupervisordEnv.Variable> environment() {
        return environment;
    }

    /** Where programs start that do not say it; empty if that is not said. */
    String directory() {
        return directory;
    }

    /**
     * A value for a key in which procmon puts no variables: with those that it uses as they are
     * now. Empty, and told, if it uses one that is not set.
     */
    String settled(Setting setting, Map<String, String> names) throws Refusal {
        String text = Expansion.of(setting, names);
        Notes notes = surroundings.notes();
        String unset = Marks.unset(text, surroundings.environment());
        if (!unset.isEmpty()) {
            notes.none(setting, "left out, since it uses " + unset + ", which is not set here");
            return "";
        }
        if (Marks.areIn(text)) {
            notes.none(setting, "variables have no place in it; their values of now are used");
        }
        String now = Marks.asNow(text, surroundings.environment());
        String home = surroundings.environment().getOrDefault("HOME", "");
        return now.startsWith("~/") && !home.isEmpty() ? home + now.substring(1) : now;
    }
}
