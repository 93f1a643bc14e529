package org.procmon.importing.supervisord;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/** How supervisord stops a program: by signals to its main process, unless configured otherwise. */
final class ProgramStop {
    private final ProgramSettings settings;
    private final ImportWarnings importWarnings;

    ProgramStop(ProgramSettings settings, ImportWarnings importWarnings) {
        this.settings = settings;
        this.importWarnings = importWarnings;
    }

    static boolean reads(String key) {
        return switch (key) {
            case "stopsignal", "stopwaitsecs", "stopasgroup", "killasgroup" -> true;
            default -> false;
        };
    }

    void put(ProcessDraft processDraft, Map<String, String> names) throws ImportAborted {
        Map<String, Object> stop = new LinkedHashMap<>();
        Setting signal = settings.of("stopsignal", names);
        if (signal != null) {
            stop.put("signal", SettingValues.word(SettingValues.signal(signal)));
        }
        Setting timeout = settings.of("stopwaitsecs", names);
        if (timeout != null) {
            int seconds = SettingValues.whole(timeout, 0, TimeSpan.LONGEST_SECONDS);
            stop.put("timeout", TimeSpan.text(seconds));
        }
        if (!settings.flag("stopasgroup", names, false)) {
            stop.put("to", "main");
            for (String key : List.of("stopasgroup", "killasgroup")) {
                Setting said = settings.raw(key);
                if (said != null && !settings.flag(key, names, false)) {
                    importWarnings.none(
                            said, "what is left of its process group is killed when it has ended");
                }
            }
        }
        processDraft.putSome("stop", stop);
    }
}
