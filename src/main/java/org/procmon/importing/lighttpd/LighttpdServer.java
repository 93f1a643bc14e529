package org.procmon.importing.lighttpd;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceLocation;

/** What applications inherit of lighttpd itself. */
final class LighttpdServer {
    private static final String USER = "server.username";
    private static final String GROUP = "server.groupname";
    private static final String WORKERS = "server.max-worker";

    private final Map<String, Setting> settings = new HashMap<>();

    /** Keeps a setting if it concerns applications. */
    void set(SourceLocation spot, String name, LighttpdValue value) throws ImportAborted {
        if (!name.equals(USER) && !name.equals(GROUP) && !name.equals(WORKERS)) {
            return;
        }
        String text =
                switch (value) {
                    case LighttpdValue.Text string -> string.value();
                    case LighttpdValue.Whole number -> Integer.toString(number.value());
                    case LighttpdValue.Unset unset ->
                            throw ImportAborted.at(
                                    spot, "the variable '" + unset.name() + "' is not set");
                    case LighttpdValue.Items _ ->
                            throw ImportAborted.at(spot, name + " must be no array");
                };
        settings.put(name, new Setting(spot, "", name, text));
    }

    /** Whether it has several processes of its own, and so starts all applications at once. */
    boolean hasWorkers() {
        Setting workers = settings.get(WORKERS);
        return workers != null && !workers.value().equals("0");
    }

    private static void put(ProcessDraft draft, String key, @Nullable Setting setting)
            throws ImportAborted {
        if (setting != null && !setting.value().isEmpty()) {
            draft.put(key, SettingValues.account(setting, setting.value()));
        }
    }

    void putUser(ProcessDraft draft) throws ImportAborted {
        put(draft, "user", settings.get(USER));
        put(draft, "group", settings.get(GROUP));
    }

    /** Its sockets belong to lighttpd, which connects to them. */
    void putOwner(ProcessDraft draft, boolean isPath) throws ImportAborted {
        if (isPath) {
            put(draft, "listen_owner", settings.get(USER));
            put(draft, "listen_group", settings.get(GROUP));
        }
    }
}
