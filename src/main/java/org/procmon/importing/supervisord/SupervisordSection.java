package org.procmon.importing.supervisord;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessLimits;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/** The section {@code [supervisord]}: what it says for all programs. */
final class SupervisordSection {
    /** What a daemon sets. */
    private static final String USUAL_UMASK = "022";

    private static final int MOST_LIMIT = 999_999_999;

    private final ImportContext importContext;
    private final Map<String, Object> top = new LinkedHashMap<>();
    private final List<SupervisordEnv.Variable> environment = new ArrayList<>();
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private String directory = "";
    private @Nullable Setting user;
    private String umask = USUAL_UMASK;

    /** What says another one. */
    private @Nullable Setting told;

    /** Whether supervisord does not become a daemon, and changes nothing of itself then. */
    private boolean foreground;

    /**
     * Reads the section.
     *
     * @param block the section; null if the file has none
     */
    SupervisordSection(@Nullable FileSection block, ImportContext importContext)
            throws ImportAborted {
        this.importContext = importContext;
        // Its programs have a pipe on their standard input that nobody closes.
        defaults.put("stdin", "open");
        if (block != null) {
            for (Setting setting : block.settings()) {
                read(setting);
            }
        }
        if (!foreground) {
            defaults.put("umask", umask);
        } else if (told != null) {
            importContext.notes().tell(told, "it means nothing with nodaemon, to supervisord too");
        }
        defaults.put("env", Map.of("SUPERVISOR_ENABLED", "1"));
        top.put("defaults", defaults);
    }

    private void read(Setting setting) throws ImportAborted {
        switch (setting.key()) {
            case "environment" -> {
                String text = Expansion.of(setting, Map.of());
                environment.addAll(SupervisordEnv.variables(setting, text));
            }
            case "directory" -> directory = path(setting, Map.of());
            case "childlogdir" -> {
                String folder = path(setting, Map.of());
                if (!folder.isEmpty()) {
                    top.put("output", Map.of("directory", folder));
                }
            }
            case "user" -> user = ProgramSettings.settled(setting, Map.of(), importContext);
            case "umask" -> {
                told = ProgramSettings.settled(setting, Map.of(), importContext);
                umask = SettingValues.octal(told, told.value());
            }
            case "nodaemon" -> {
                Setting flag = ProgramSettings.settled(setting, Map.of(), importContext);
                foreground = SettingValues.flag(flag);
            }
            case "logfile",
                    "logfile_maxbytes",
                    "logfile_backups",
                    "loglevel",
                    "pidfile",
                    "silent",
                    "nocleanup",
                    "strip_ansi",
                    "identifier" -> {
                // They are about supervisord itself, not about what it runs.
            }
            case "minfds" -> limit(setting, "nofile", "Max open files");
            case "minprocs" -> limit(setting, "nproc", "Max processes");
            default -> importContext.notes().none(setting, "a setting of supervisord itself");
        }
    }

    /** supervisord raises a limit to that, and never lowers it. */
    private void limit(Setting written, String resource, String row) throws ImportAborted {
        Setting setting = ProgramSettings.settled(written, Map.of(), importContext);
        long least = SettingValues.whole(setting, 0, MOST_LIMIT);
        long[] now = ProcessLimits.of(row);
        if (least <= now[0]) {
            return;
        }
        Map<String, Object> limits = new LinkedHashMap<>();
        if (defaults.get("limits") instanceof Map<?, ?> others) {
            others.forEach((key, value) -> limits.put(String.valueOf(key), value));
        }
        long most = Math.max(least, now[1]);
        limits.put(
                resource,
                least + ":" + (most == Long.MAX_VALUE ? "unlimited" : String.valueOf(most)));
        defaults.put("limits", limits);
    }

    /** As whom all programs run that do not say it; null for the user of the monitor. */
    @Nullable Setting user() {
        return user;
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
    String settled(Setting setting, Map<String, String> names) throws ImportAborted {
        String text = Expansion.of(setting, names);
        ImportWarnings importWarnings = importContext.notes();
        String unset = EnvPlaceholders.unset(text, importContext.environment());
        if (!unset.isEmpty()) {
            importWarnings.none(
                    setting, "left out, since it uses " + unset + ", which is not set here");
            return "";
        }
        if (EnvPlaceholders.areIn(text)) {
            importWarnings.none(
                    setting, "variables have no place in it; their values of now are used");
        }
        String now = EnvPlaceholders.asNow(text, importContext.environment());
        String home = importContext.environment().getOrDefault("HOME", "");
        return now.startsWith("~/") && !home.isEmpty() ? home + now.substring(1) : now;
    }

    /**
     * As {@link #settled}, of a path. One that is relative begins where supervisord runs: in its
     * own folder, or nobody knows where.
     */
    String path(Setting setting, Map<String, String> names) throws ImportAborted {
        String path = settled(setting, names);
        if (path.isEmpty() || path.startsWith("/")) {
            return path;
        }
        boolean known = directory.startsWith("/");
        Path folder = known ? Path.of(directory) : setting.spot().folder();
        if (!known) {
            importContext
                    .notes()
                    .tell(setting, "a relative path; it is taken to begin in " + folder);
        }
        return folder.resolve(path).normalize().toString();
    }
}
