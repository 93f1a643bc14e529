package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** As whom systemd runs a service, and within which bounds. Source: systemd.exec(5). */
final class ServiceIdentity {
    private static final String SECTION = "Service";
    private static final String LIMIT = "Limit";

    private final ServiceUnit unit;
    private final Notes notes;

    ServiceIdentity(ServiceUnit unit, Notes notes) {
        this.unit = unit;
        this.notes = notes;
    }

    /** Whether {@link #put} reads the key. */
    static boolean reads(String key) {
        return switch (key) {
            case "User", "Group", "UMask", "Nice", "NoNewPrivileges", "EnvironmentFile" -> true;
            default -> !resource(key).isEmpty();
        };
    }

    void put(Draft draft) throws Refusal {
        copy("User", "user", draft);
        copy("Group", "group", draft);
        copy("UMask", "umask", draft);
        Setting nice = unit.last(SECTION, "Nice");
        if (nice != null) {
            draft.put("nice", SettingValues.whole(nice, -20, 19));
        }
        Setting privileges = unit.last(SECTION, "NoNewPrivileges");
        if (privileges != null && SettingValues.flag(privileges)) {
            draft.put("no_new_privs", true);
        }
        List<Object> files = new ArrayList<>();
        for (Setting setting : unit.all(SECTION, "EnvironmentFile")) {
            files.add(unit.name().expand(setting, setting.value(), notes));
        }
        if (!files.isEmpty()) {
            draft.put("env_file", files);
        }
        draft.putSome("limits", limits());
    }

    private void copy(String key, String to, Draft draft) {
        Setting setting = unit.last(SECTION, key);
        if (setting != null) {
            draft.put(to, unit.name().expand(setting, setting.value(), notes));
        }
    }

    private Map<String, Object> limits() {
        Map<String, Object> limits = new LinkedHashMap<>();
        for (Setting setting : unit.section(SECTION)) {
            String resource = resource(setting.key());
            if (resource.isEmpty() || setting.value().isEmpty()) {
                continue;
            }
            String value = setting.value().replace("infinity", "unlimited");
            if (SettingValues.isDigits(value.replace("unlimited", "0").replaceFirst(":", ""))) {
                limits.put(resource, value);
            } else {
                notes.none(setting, "write it into 'limits' as a plain number");
            }
        }
        return limits;
    }

    /** The name of a limit, as in {@code LimitNOFILE}; empty if the key is none. */
    private static String resource(String key) {
        return switch (key) {
            case "LimitAS",
                    "LimitCORE",
                    "LimitCPU",
                    "LimitDATA",
                    "LimitFSIZE",
                    "LimitLOCKS",
                    "LimitMEMLOCK",
                    "LimitMSGQUEUE",
                    "LimitNOFILE",
                    "LimitNPROC",
                    "LimitRSS",
                    "LimitSIGPENDING",
                    "LimitSTACK" ->
                    key.substring(LIMIT.length()).toLowerCase(Locale.ROOT);
            default -> "";
        };
    }
}
