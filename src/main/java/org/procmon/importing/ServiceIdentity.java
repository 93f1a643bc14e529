package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** As whom systemd runs a service, and within which bounds. Source: systemd.exec(5). */
final class ServiceIdentity {
    private static final String SECTION = "Service";
    private static final String NOBODY = "nobody";
    private static final String ROOT = "root";

    private final LoadedUnit unit;
    private final LocalAccounts accounts;
    private final Notes notes;

    ServiceIdentity(LoadedUnit unit, LocalAccounts accounts, Notes notes) {
        this.unit = unit;
        this.accounts = accounts;
        this.notes = notes;
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

    /** What holds for a service that says nothing else. */
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

    void put(Draft draft) throws Refusal {
        String user = user();
        if (!user.isEmpty()) {
            draft.put("user", user);
        }
        Setting group = unit.last(SECTION, "Group");
        if (group != null) {
            draft.put("group", account(group));
        }
        groups(draft, user);
        workingDirectory(draft, user);
        root(draft);
        Setting umask = unit.last(SECTION, "UMask");
        if (umask != null) {
            draft.put("umask", SettingValues.octal(umask, umask.value()));
        }
        Setting nice = unit.last(SECTION, "Nice");
        if (nice != null) {
            draft.put("nice", SettingValues.whole(nice, -20, 19));
        }
        Setting privileges = unit.last(SECTION, "NoNewPrivileges");
        if (isDynamic() || (privileges != null && SettingValues.flag(privileges))) {
            draft.put("no_new_privs", true);
        }
        boolean root = user.isEmpty() || user.equals(ROOT) || user.equals("0");
        new ServiceCapabilities(unit, notes).put(draft, root && !unit.name().folders().ofUser());
        draft.putSome("limits", ServiceLimits.of(unit, notes));
    }

    private boolean isDynamic() throws Refusal {
        Setting dynamic = unit.last(SECTION, "DynamicUser");
        return dynamic != null && SettingValues.flag(dynamic);
    }

    /** Empty for that of the manager. */
    String user() throws Refusal {
        Setting setting = unit.last(SECTION, "User");
        Setting dynamic = unit.last(SECTION, "DynamicUser");
        String user = setting == null ? "" : account(setting);
        if (dynamic != null && isDynamic()) {
            String made = user.isEmpty() ? unit.name().prefix() : user;
            user = made.matches("[A-Za-z_][A-Za-z0-9_-]{0,30}") ? made : NOBODY;
            notes.none(dynamic, "there must be a user '" + user + "'; see useradd --system");
        }
        return user;
    }

    private String account(Setting setting) throws Refusal {
        String name = unit.name().expand(setting, setting.value(), notes);
        return SettingValues.account(setting, name);
    }

    /** systemd adds to the groups that a user has in any case; {@code groups} is all of them. */
    private void groups(Draft draft, String user) throws Refusal {
        Set<Object> groups = new LinkedHashSet<>();
        List<String> own = user.isEmpty() ? List.of() : accounts.groups(user);
        @Nullable Setting last = null;
        for (Setting setting : unit.all(SECTION, "SupplementaryGroups")) {
            last = setting;
            StringTokenizer names =
                    new StringTokenizer(unit.name().expand(setting, setting.value(), notes));
            while (names.hasMoreTokens()) {
                groups.add(SettingValues.account(setting, names.nextToken()));
            }
        }
        if (last == null || groups.isEmpty()) {
            return;
        }
        if (groups.addAll(own)) {
            notes.tell(
                    last,
                    "'groups' names all groups, so those that '"
                            + user
                            + "' has now are among them: "
                            + String.join(", ", own));
        }
        draft.put("groups", new ArrayList<>(groups));
    }

    private void root(Draft draft) {
        Setting setting = unit.last(SECTION, "RootDirectory");
        if (setting != null) {
            String folder = unit.name().expand(setting, setting.value(), notes);
            if (folder.startsWith("/")) {
                draft.put("chroot", folder);
            } else {
                notes.tell(setting, "systemd skips it, since it is no absolute path");
            }
        }
    }

    private void workingDirectory(Draft draft, String user) {
        Setting setting = unit.last(SECTION, "WorkingDirectory");
        if (setting == null) {
            return;
        }
        String folder = unit.name().expand(setting, setting.value(), notes);
        if (folder.startsWith("-")) {
            notes.none(setting, "-: a folder that is missing is an error");
            folder = folder.substring(1);
        }
        if (folder.equals("~")) {
            String home = user.isEmpty() ? unit.name().folders().home() : accounts.home(user);
            if (home == null) {
                notes.none(
                        setting, "~: there is no user '" + user + "' here; write the folder out");
                return;
            }
            folder = home;
        }
        if (folder.startsWith("/")) {
            draft.put("cwd", folder);
        } else {
            notes.tell(setting, "systemd skips it, since it is no absolute path");
        }
    }
}
