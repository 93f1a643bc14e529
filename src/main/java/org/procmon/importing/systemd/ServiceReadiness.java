package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.TimeSpan;

/**
 * How a unit becomes ready.
 *
 * <p>Source: systemd.service(5).
 */
final class ServiceReadiness {
    private static final String SECTION = "Service";

    /** systemd's default timeout. */
    private static final String DEFAULT_TIMEOUT = "90s";

    /** In seconds. */
    private static final double SHORTEST = 0.01;

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    ServiceReadiness(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    static boolean reads(String key) {
        return switch (key) {
            case "TimeoutStartSec", "WatchdogSec", "NotifyAccess", "ReloadSignal" -> true;
            default -> false;
        };
    }

    void put(ProcessDraft processDraft) throws ImportAborted {
        boolean notifies = unit.isOfType("notify") || unit.isOfType("notify-reload");
        @Nullable Setting type = unit.last(SECTION, "Type");
        if (notifies && type != null && processDraft.keys().containsKey("chroot")) {
            importWarnings.none(type, "its socket cannot be reached from another root");
            notifies = false;
        }
        @Nullable Setting startOnly = unit.last(SECTION, "TimeoutStartSec");
        @Nullable Setting watchdog = unit.last(SECTION, "WatchdogSec");
        if (notifies) {
            @Nullable Setting timeout =
                    startOnly == null ? unit.last(SECTION, "TimeoutSec") : startOnly;
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("notify", true);
            ready.put("timeout", timeout == null ? DEFAULT_TIMEOUT : time(timeout));
            processDraft.put("ready", ready);
            if (watchdog != null && !TimeSpan.isNever(watchdog)) {
                processDraft.put("watchdog", time(watchdog));
            }
            return;
        }
        if (startOnly != null && !unit.isOfType("oneshot")) {
            importWarnings.none(startOnly, "it counts as started at once");
        }
        if (watchdog != null && !TimeSpan.isNever(watchdog)) {
            importWarnings.none(watchdog, "a watchdog needs Type=notify");
        }
        @Nullable Setting access = unit.last(SECTION, "NotifyAccess");
        if (access != null && !access.value().equals("none")) {
            importWarnings.none(access, "only Type=notify has a socket for messages");
        }
    }

    /** Times that are too short for procmon become its shortest one. */
    private static String time(Setting setting) throws ImportAborted {
        return TimeSpan.isNever(setting)
                ? TimeSpan.timeout(setting)
                : TimeSpan.text(Math.max(SHORTEST, TimeSpan.seconds(setting)));
    }
}
