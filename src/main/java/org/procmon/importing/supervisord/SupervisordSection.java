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

/** The section {@code [supervisord]}: its settings for all programs. */
final class SupervisordSection {
    /** The umask that the daemon sets. */
    private static final String DEFAULT_UMASK = "022";

    private static final int MOST_LIMIT = 999_999_999;

    private final ImportContext importContext;
    private final Map<String, Object> top = new LinkedHashMap<>();
    private final List<SupervisordEnv.Variable> environment = new ArrayList<>();
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private String directory = "";
    private @Nullable Setting user;
    private String umask = DEFAULT_UMASK;

    /** The setting with another umask. */
    private @Nullable Setting umaskSetting;

    /** Whether supervisord does not become a daemon, and so does not change its own umask. */
    private boolean foreground;

    /**
     * Reads the section.
     *
     * @param block the section; null if the file has none
     */
    SupervisordSection(@Nullable FileSection block, ImportContext importContext)
            throws ImportAborted {
        this.importContext = importContext;
        // supervisord gives each program a pipe as standard input, and never closes it.
        defaults.put("stdin", "open");
        if (block != null) {
            for (Setting setting : block.settings()) {
                read(setting);
            }
        }
        if (!foreground) {
            defaults.put("umask", umask);
        } else if (umaskSetting != null) {
            importContext
                    .notes()
                    .add(umaskSetting, "it means nothing with nodaemon, to supervisord too");
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
                umaskSetting = ProgramSettings.settled(setting, Map.of(), importContext);
                umask = SettingValues.octal(umaskSetting, umaskSetting.value());
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
                // They concern supervisord itself, not its programs.
            }
            case "minfds" -> limit(setting, "nofile", "Max open files");
            case "minprocs" -> limit(setting, "nproc", "Max processes");
            default -> importContext.notes().none(setting, "a setting of supervisord itself");
        }
    }

    /** supervisord raises a limit to this value, and never lowers it. */
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

    /** The default user of all programs; null for the user of the monitor. */
    @Nullable Setting user() {
        return user;
    }

    /** The keys of the configuration besides the processes. */
    Map<String, Object> top() {
        return top;
    }

    /** The variables of all programs. */
    List<SupervisordEnv.Variable> environment() {
        return environment;
    }

    /** The default working directory of programs; empty if not configured. */
    String directory() {
        return directory;
    }

    /**
     * A value for a key in which procmon expands no variables: with their current values. Empty,
     * with a warning, if one is not set.
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
     * Like {@link #settled}, for a path. A relative path is relative to supervisord's working
     * directory: its own setting, or unknown.
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
                    .add(setting, "a relative path; it is taken to begin in " + folder);
        }
        return folder.resolve(path).normalize().toString();
    }
}
