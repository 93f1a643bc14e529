package org.procmon.importing.supervisord;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/**
 * The user that supervisord runs a program as.
 *
 * <p>Source: "[program:x] Section Settings" in supervisord's manual, user: no variables change.
 */
final class ProgramIdentity {
    private static final List<String> OF_USER = List.of("HOME", "USER", "LOGNAME", "SHELL");

    private final ProgramSettings settings;
    private final SupervisordSection own;
    private final ImportContext importContext;

    ProgramIdentity(ProgramSettings settings, SupervisordSection own, ImportContext importContext) {
        this.settings = settings;
        this.own = own;
        this.importContext = importContext;
    }

    static boolean reads(String key) {
        return key.equals("user") || key.equals("umask");
    }

    void put(ProcessDraft processDraft, Map<String, String> names) throws ImportAborted {
        Setting user = user(names);
        if (user != null) {
            processDraft.put("user", SettingValues.account(user, user.value()));
        }
        Setting umask = settings.of("umask", names);
        if (umask != null) {
            processDraft.put("umask", SettingValues.octal(umask, umask.value()));
        }
    }

    private @Nullable Setting user(Map<String, String> names) throws ImportAborted {
        Setting user = settings.of("user", names);
        return user == null ? own.user() : user;
    }

    /** procmon sets variables for another user; supervisord does not. */
    void putVariables(EnvDraft env, Map<String, String> names) throws ImportAborted {
        Setting user = user(names);
        if (user == null) {
            return;
        }
        List<String> missing = new ArrayList<>();
        for (String name : OF_USER) {
            String value = importContext.environment().get(name);
            if (env.has(name)) {
                continue;
            }
            if (value == null) {
                missing.add(name);
            } else {
                env.put(user, name, value);
            }
        }
        if (!missing.isEmpty()) {
            importContext
                    .notes()
                    .none(
                            user,
                            String.join(", ", missing)
                                    + ": set for this user, while supervisord leaves them unset");
        }
    }
}
