package org.procmon.importing.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.config.reader.Glob;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.LocalAccounts;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;

/**
 * The variables that a systemd service gets, and the values of {@code $X} in its commands.
 *
 * <p>Source: systemd.exec(5), "Environment" and "Environment Variables in Spawned Processes".
 */
final class ServiceEnv {
    private static final String SECTION = "Service";
    private static final String PATH = "PATH";

    /** The directories that systemd creates, and the variables that name them. */
    private static final String[][] DIRECTORIES = {
        {"RuntimeDirectory", "RUNTIME_DIRECTORY"},
        {"StateDirectory", "STATE_DIRECTORY"},
        {"CacheDirectory", "CACHE_DIRECTORY"},
        {"LogsDirectory", "LOGS_DIRECTORY"},
        {"ConfigurationDirectory", "CONFIGURATION_DIRECTORY"},
    };

    /** Variables that follow from {@code User}. */
    private static final Set<String> OF_USER = Set.of("HOME", "USER", "LOGNAME", "SHELL");

    private final LoadedUnit unit;
    private final String user;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final Map<String, String> set = new LinkedHashMap<>();
    private final List<Object> files = new ArrayList<>();

    /** Variables that the process must not get from any source. */
    private final Set<String> unset = new LinkedHashSet<>();

    /**
     * Reads the settings of the unit.
     *
     * @param user the user that it runs as; empty for the user of the manager
     */
    ServiceEnv(LoadedUnit unit, String user, ImportContext importContext) throws ImportAborted {
        this.unit = unit;
        this.user = user;
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
        readDirectories();
        readPassed();
        readSet();
        readFiles();
        readUser();
        readUnset();
    }

    /** Whether this class reads the key. */
    static boolean reads(String key) {
        return switch (key) {
            case "Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment" -> true;
            default -> isDirectory(key);
        };
    }

    private static boolean isDirectory(String key) {
        for (String[] directory : DIRECTORIES) {
            if (directory[0].equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** systemd's default, unless a unit sets another. */
    Map<String, Object> usual() {
        Map<String, Object> usual = new LinkedHashMap<>();
        usual.put(PATH, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        usual.put("LANG", "C.UTF-8");
        usual.keySet().removeAll(unset);
        return usual;
    }

    /**
     * The variables to remove from the environment, since the configuration does not put them
     * there.
     */
    List<String> removed() {
        return unset.stream().filter(this::comesAnyway).toList();
    }

    /** procmon sets a process's variables for its user, and the monitor's {@code PATH}. */
    private boolean comesAnyway(String name) {
        return !files.isEmpty()
                || unit.name().folders().ofUser()
                || name.equals(PATH)
                || isOfUser(name);
    }

    private boolean isOfUser(String name) {
        return OF_USER.contains(name) && !user.isEmpty();
    }

    void put(ProcessDraft processDraft) {
        if (!files.isEmpty()) {
            processDraft.put("env_file", files);
        }
        EnvDraft envDraft = new EnvDraft(importContext.environment(), importWarnings);
        Setting environment = unit.last(SECTION, "Environment");
        Setting top = environment == null ? new Setting(unit.top(), "", "", "") : environment;
        set.forEach((name, value) -> envDraft.put(top, name, value));
        processDraft.putSome("env", envDraft.members());
    }

    /** The value of a variable in a command; null if only the running process will know it. */
    @Nullable String value(Setting setting, String name) {
        if (!unset.contains(name) && (!files.isEmpty() || isOfUser(name))) {
            return null;
        }
        String value = set.get(name);
        if (value == null) {
            value = String.valueOf(usual().getOrDefault(name, ""));
            if (value.isEmpty()) {
                importWarnings.add(
                        setting, "the unit does not set " + name + ", so it is empty here");
            }
        }
        return value;
    }

    private void readSet() {
        for (Setting setting : unit.all(SECTION, "Environment")) {
            for (String word : UnitWords.valid(setting, importWarnings)) {
                int equals = word.indexOf('=');
                if (equals < 1) {
                    importWarnings.add(
                            setting,
                            "systemd skips "
                                    + PrintableText.quoted(word, 60)
                                    + ", since it is not KEY=VALUE");
                } else {
                    String value = word.substring(equals + 1);
                    String name = word.substring(0, equals);
                    set.put(name, unit.name().expand(setting, value, importWarnings));
                }
            }
        }
    }

    private void readPassed() {
        for (Setting setting : unit.all(SECTION, "PassEnvironment")) {
            StringTokenizer names = new StringTokenizer(setting.value());
            while (names.hasMoreTokens()) {
                String name = names.nextToken();
                String value = importContext.environment().get(name);
                if (value == null) {
                    importWarnings.add(setting, name + " is not set here, so it is not passed");
                } else {
                    // The value is written, as a monitor without the variable would refuse the
                    // file.
                    set.put(name, value);
                    importWarnings.add(setting, "the value that " + name + " has now is written");
                }
            }
        }
    }

    /** systemd sets no variable for a meaningless home or shell. */
    private void readUser() {
        Setting setting = unit.given(SECTION, "User");
        Set<String> none = new LinkedHashSet<>();
        if (!user.isEmpty()) {
            none.addAll(LocalAccounts.ofThisMachine().placeholders(user));
            none.removeAll(set.keySet());
        }
        if (files.isEmpty()) {
            unset.addAll(none);
        } else if (setting != null && !none.isEmpty()) {
            // A file may set them.
            importWarnings.none(
                    setting,
                    String.join(", ", none)
                            + ": set for this user, while systemd leaves them unset");
        }
    }

    private void readUnset() {
        for (Setting setting : unit.all(SECTION, "UnsetEnvironment")) {
            for (String word : UnitWords.valid(setting, importWarnings)) {
                int equals = word.indexOf('=');
                String name = equals < 0 ? word : word.substring(0, equals);
                if (!EnvDraft.isName(name)) {
                    importWarnings.add(
                            setting, PrintableText.quoted(name, 60) + " is no name of a variable");
                } else if (equals < 0) {
                    set.remove(name);
                    unset.add(name);
                } else {
                    unset(setting, name, word.substring(equals + 1));
                }
            }
        }
    }

    /** Removes a variable if it has this value. */
    private void unset(Setting setting, String name, String value) {
        Object known = set.containsKey(name) ? set.get(name) : usual().get(name);
        boolean own = set.containsKey(name) || !(isOfUser(name) || unit.name().folders().ofUser());
        if (!files.isEmpty() || !own) {
            importWarnings.none(
                    setting, name + " may have the value from elsewhere, and stays then");
        }
        if (value.equals(known)) {
            set.remove(name);
            if (files.isEmpty()) {
                unset.add(name);
            }
        }
    }

    private void readFiles() {
        for (Setting setting : unit.all(SECTION, "EnvironmentFile")) {
            String value = unit.name().expand(setting, setting.value(), importWarnings);
            boolean optional = value.startsWith("-");
            String path = optional ? value.substring(1) : value;
            if (!path.startsWith("/")) {
                importWarnings.add(setting, "systemd skips it, since it is no absolute path");
                continue;
            }
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("path", path);
            if (optional) {
                file.put("optional", true);
            }
            file.put("public", true);
            file.put("override", true);
            file.put("syntax", "systemd");
            files.add(file);
            for (Path found : Glob.files(Path.of("/"), path)) {
                warnAboutOwner(setting, found);
            }
        }
    }

    /** systemd reads any file; procmon refuses one that other users can write to. */
    private void warnAboutOwner(Setting setting, Path file) {
        try {
            Object uid = Files.getAttribute(file, "unix:uid");
            int mode = (Integer) Files.getAttribute(file, "unix:mode");
            if (!uid.equals(0) || (mode & 0022) != 0) {
                importWarnings.none(
                        setting,
                        file
                                + " must belong to root, or to the user of the monitor, and nobody"
                                + " else may be able to write it; see chown and chmod");
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // The file does not exist yet, or cannot be examined.
        }
    }

    private void readDirectories() {
        for (String[] directory : DIRECTORIES) {
            Setting setting = unit.last(SECTION, directory[0]);
            if (setting == null) {
                continue;
            }
            List<String> paths = new ArrayList<>();
            for (Setting one : unit.all(SECTION, directory[0])) {
                String names = unit.name().expand(one, one.value(), importWarnings);
                for (String name : names.split("\\s+", -1)) {
                    // The name of a link follows a colon.
                    int colon = name.indexOf(':');
                    paths.add(
                            root(directory[0])
                                    + "/"
                                    + (colon < 0 ? name : name.substring(0, colon)));
                }
            }
            set.put(directory[1], String.join(":", paths));
            importWarnings.none(
                    setting,
                    "make the folder yourself, for the user of the service: "
                            + String.join(", ", paths));
        }
    }

    private String root(String directory) {
        UnitFolders folders = unit.name().folders();
        return switch (directory) {
            case "RuntimeDirectory" -> folders.runtime();
            case "StateDirectory" -> folders.state();
            case "CacheDirectory" -> folders.cache();
            case "LogsDirectory" -> folders.logs();
            default -> folders.configuration();
        };
    }
}
