package org.procmon.importing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a unit says about how it is known to be up.
 *
 * <p>Source: systemd.service(5).
 */
final class ServiceReadiness {
    private static final String SECTION = "Service";

    /** How long systemd waits if the unit does not say it. */
    private static final String USUAL_PATIENCE = "90s";

    private final ServiceUnit unit;
    private final Notes notes;

    ServiceReadiness(ServiceUnit unit, Notes notes) {
        this.unit = unit;
        this.notes = notes;
    }

    void put(Draft draft) throws Refusal {
        boolean notifies = unit.isOfType("notify") || unit.isOfType("notify-reload");
        @Nullable Setting type = unit.last(SECTION, "Type");
        if (notifies && type != null && draft.keys().containsKey("chroot")) {
            notes.none(type, "its socket cannot be reached from another root");
            notifies = false;
        }
        @Nullable Setting startOnly = unit.last(SECTION, "TimeoutStartSec");
        @Nullable Setting watchdog = unit.last(SECTION, "WatchdogSec");
        if (notifies) {
            @Nullable Setting patience =
                    startOnly == null ? unit.last(SECTION, "TimeoutSec") : startOnly;
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("notify", true);
            ready.put(
                    "timeout",
                    patience == null ? USUAL_PATIENCE : TimeSpan.text(patience(patience)));
            draft.put("ready", ready);
            if (watchdog != null && TimeSpan.seconds(watchdog) > 0) {
                draft.put("watchdog", TimeSpan.text(TimeSpan.seconds(watchdog)));
            }
            return;
        }
        if (startOnly != null) {
            notes.none(startOnly, "it counts as started at once");
        }
        if (watchdog != null && TimeSpan.seconds(watchdog) > 0) {
            notes.none(watchdog, "a watchdog needs Type=notify");
        }
    }

    /** To systemd 0 is without end here. */
    private static double patience(Setting setting) throws Refusal {
        double seconds = TimeSpan.seconds(setting);
        return seconds == 0 ? TimeSpan.LONGEST_SECONDS : seconds;
    }
}
