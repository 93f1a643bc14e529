package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.LocalAccounts;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/** The user and the limits that systemd runs a service with. Source: systemd.exec(5). */
final class ServiceIdentity {
    private static final String SECTION = "Service";
    private static final String NOBODY = "nobody";
    private static final String ROOT = "root";

    private final LoadedUnit unit;
    private final LocalAccounts accounts;
    private final ImportWarnings importWarnings;

    ServiceIdentity(LoadedUnit unit, LocalAccounts accounts, ImportWarnings importWarnings) {
        this.unit = unit;
        this.accounts = accounts;
        this.importWarnings = importWarnings;
    }

    /** Whether {@link #put} reads the key. */
    static boolean reads(String key) {
        return switch (key) {
            case "User",
                    "Group",
                    "SupplementaryGroups",
                    "DynamicUser",
                    "UMask",
                    "Nice",
                    "NoNewPrivileges",
                    "RootDirectory",
                    "WorkingDirectory" ->
                    true;
            default -> ServiceLimits.reads(key) || ServiceCapabilities.reads(key);
        };
    }

    /** The defaults of a service. */
    static Map<String, Object> usual(UnitFolders folders, ServiceEnv env) {
        Map<String, Object> usual = new LinkedHashMap<>();
        usual.put("cwd", folders.ofUser() ? folders.home() : "/");
        if (!folders.ofUser()) {
            usual.put("umask", "0022");
            usual.put("clear_env", true);
            usual.put("env", env.usual());
        }
        return usual;
    }

    void put(ProcessDraft processDraft) throws ImportAborted {
        String user = user();
        if (!user.isEmpty()) {
            processDraft.put("user", user);
        }
        Setting group = unit.last(SECTION, "Group");
        if (group != null) {
            processDraft.put("group", account(group));
        }
        groups(processDraft, user);
        workingDirectory(processDraft, user);
        root(processDraft);
        Setting umask = unit.last(SECTION, "UMask");
        if (umask != null) {
            processDraft.put("umask", SettingValues.octal(umask, umask.value()));
        }
        Setting nice = unit.last(SECTION, "Nice");
        if (nice != null) {
            processDraft.put("nice", SettingValues.whole(nice, -20, 19));
        }
        Setting privileges = unit.last(SECTION, "NoNewPrivileges");
        if (isDynamic() || (privileges != null && SettingValues.flag(privileges))) {
            processDraft.put("no_new_privs", true);
        }
        boolean root = user.isEmpty() || user.equals(ROOT) || user.equals("0");
        new ServiceCapabilities(unit, importWarnings)
                .put(processDraft, root && !unit.name().folders().ofUser());
        processDraft.putSome("limits", ServiceLimits.of(unit, importWarnings));
    }

    private boolean isDynamic() throws ImportAborted {
        Setting dynamic = unit.last(SECTION, "DynamicUser");
        return dynamic != null && SettingValues.flag(dynamic);
    }

    /** The user; empty for that of the manager. */
    String user() throws ImportAborted {
        Setting setting = unit.last(SECTION, "User");
        Setting dynamic = unit.last(SECTION, "DynamicUser");
        String user = setting == null ? "" : account(setting);
        if (dynamic != null && isDynamic()) {
            String made = user.isEmpty() ? unit.name().prefix() : user;
            user = made.matches("[A-Za-z_][A-Za-z0-9_-]{0,30}") ? made : NOBODY;
            importWarnings.none(
                    dynamic, "there must be a user '" + user + "'; see useradd --system");
        }
        return user;
    }

    private String account(Setting setting) throws ImportAborted {
        String name = unit.name().expand(setting, setting.value(), importWarnings);
        return SettingValues.account(setting, name);
    }

    /** systemd adds to the groups that the user always has; {@code groups} lists all of them. */
    private void groups(ProcessDraft processDraft, String user) throws ImportAborted {
        Set<Object> groups = new LinkedHashSet<>();
        List<String> own = user.isEmpty() ? List.of() : accounts.groups(user);
        @Nullable Setting last = null;
        for (Setting setting : unit.all(SECTION, "SupplementaryGroups")) {
            last = setting;
            StringTokenizer names =
                    new StringTokenizer(
                            unit.name().expand(setting, setting.value(), importWarnings));
            while (names.hasMoreTokens()) {
                groups.add(SettingValues.account(setting, names.nextToken()));
            }
        }
        if (last == null || groups.isEmpty()) {
            return;
        }
        if (groups.addAll(own)) {
            importWarnings.add(
                    last,
                    "'groups' names all groups, so those that '"
                            + user
                            + "' has now are among them: "
                            + String.join(", ", own));
        }
        processDraft.put("groups", new ArrayList<>(groups));
    }

    private void root(ProcessDraft processDraft) {
        Setting setting = unit.last(SECTION, "RootDirectory");
        if (setting != null) {
            String folder = unit.name().expand(setting, setting.value(), importWarnings);
            if (folder.startsWith("/")) {
                processDraft.put("chroot", folder);
            } else {
                importWarnings.add(setting, "systemd skips it, since it is no absolute path");
            }
        }
    }

    private void workingDirectory(ProcessDraft processDraft, String user) {
        Setting setting = unit.last(SECTION, "WorkingDirectory");
        if (setting == null) {
            return;
        }
        String folder = unit.name().expand(setting, setting.value(), importWarnings);
        if (folder.startsWith("-")) {
            importWarnings.none(setting, "-: a folder that is missing is an error");
            folder = folder.substring(1);
        }
        if (folder.equals("~")) {
            String home = user.isEmpty() ? unit.name().folders().home() : accounts.home(user);
            if (home == null) {
                importWarnings.none(
                        setting, "~: there is no user '" + user + "' here; write the folder out");
                return;
            }
            folder = home;
        }
        if (folder.startsWith("/")) {
            processDraft.put("cwd", folder);
        } else {
            importWarnings.add(setting, "systemd skips it, since it is no absolute path");
        }
    }
}
