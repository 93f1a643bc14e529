package org.procmon.importing.phpfpm;

import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.draft.TimeSpan;

/**
 * The section {@code [global]}: what the pools inherit of it. The rest has no equivalent.
 *
 * <p>Source: php.net, "List of global php-fpm.conf directives".
 */
final class FpmGlobal {
    static final String NAME = "global";

    private static final String OWN = "it concerns php-fpm itself";

    private static final Map<String, String> NO_EQUIVALENT =
            Map.ofEntries(
                    Map.entry("process.max", "'workers' limits each pool"),
                    Map.entry(
                            "emergency_restart_threshold",
                            "each worker is restarted alone, after a growing delay"),
                    Map.entry(
                            "emergency_restart_interval",
                            "each worker is restarted alone, after a growing delay"),
                    Map.entry("pid", OWN),
                    Map.entry("error_log", OWN),
                    Map.entry("log_level", OWN),
                    Map.entry("log_limit", OWN),
                    Map.entry("log_buffering", OWN),
                    Map.entry("syslog.facility", OWN),
                    Map.entry("syslog.ident", OWN),
                    Map.entry("daemonize", OWN),
                    Map.entry("events.mechanism", OWN),
                    Map.entry("systemd_interval", OWN));

    private final FpmLimits limits;
    private final int controlTimeout;

    private FpmGlobal(FpmSettings settings, ImportContext importContext) throws ImportAborted {
        Setting timeout = settings.take("process_control_timeout");
        this.controlTimeout = timeout == null ? 0 : FpmSettings.seconds(timeout);
        this.limits = FpmLimits.of(settings, FpmLimits.NONE);
        for (Setting setting : settings.rest()) {
            String why = NO_EQUIVALENT.getOrDefault(setting.key(), "the setting is unknown");
            importContext.notes().none(setting, why);
        }
    }

    /**
     * Reads the section.
     *
     * @param section null if there is none
     */
    static FpmGlobal of(@Nullable FileSection section, SourceLocation spot, ImportContext context)
            throws ImportAborted {
        FileSection read =
                section == null ? new FileSection(spot, NAME, new ArrayList<>()) : section;
        return new FpmGlobal(new FpmSettings(read, context), context);
    }

    /** What a process inherits that says nothing of its own. */
    FpmLimits limits() {
        return limits;
    }

    void putPatience(ProcessDraft draft) {
        if (controlTimeout > 0) {
            draft.put("patience", TimeSpan.text(controlTimeout));
        }
    }
}
