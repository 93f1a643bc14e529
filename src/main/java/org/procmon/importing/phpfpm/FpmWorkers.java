package org.procmon.importing.phpfpm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * How many workers a pool has, and when.
 *
 * <p>Source: php.net, {@code pm} and what follows it.
 */
final class FpmWorkers {
    private static final String MAX = "pm.max_children";
    private static final String START = "pm.start_servers";
    private static final String SPARE_MIN = "pm.min_spare_servers";
    private static final String SPARE_MAX = "pm.max_spare_servers";
    private static final String IDLE = "pm.process_idle_timeout";
    private static final String IDLE_TIMEOUT = "10s";
    private static final int MOST = 999_999_999;

    /** The most workers of a pool here. */
    private static final int MOST_WORKERS = 1000;

    private final FileSection section;
    private final FpmSettings settings;
    private final ImportWarnings importWarnings;

    FpmWorkers(FileSection section, FpmSettings settings, ImportWarnings importWarnings) {
        this.section = section;
        this.settings = settings;
        this.importWarnings = importWarnings;
    }

    void put(ProcessDraft draft) throws ImportAborted {
        Setting pm = settings.take("pm");
        if (pm == null) {
            throw missing("pm");
        }
        draft.put("mode", pm.value());
        int max = max();
        switch (pm.value()) {
            case "static" -> {
                draft.put("workers", max);
                ignore(START, SPARE_MIN, SPARE_MAX, IDLE);
            }
            case "dynamic" -> {
                dynamic(draft, max);
                ignore(IDLE);
            }
            case "ondemand" -> {
                draft.put("workers", max);
                Setting idle = settings.take(IDLE);
                draft.put("idle_timeout", idle == null ? IDLE_TIMEOUT : idleTimeout(idle));
                ignore(START, SPARE_MIN, SPARE_MAX);
            }
            default -> throw SettingValues.bad(pm, "static, dynamic or ondemand");
        }
    }

    private ImportAborted missing(String key) {
        return ImportAborted.at(
                section.spot(), "the pool '" + section.name() + "' has no '" + key + "'");
    }

    private int max() throws ImportAborted {
        Setting setting = settings.take(MAX);
        if (setting == null) {
            throw missing(MAX);
        }
        int max = SettingValues.whole(setting, 1, MOST);
        if (max > MOST_WORKERS) {
            importWarnings.none(setting, "a pool has at most " + MOST_WORKERS + " workers");
        }
        return Math.min(max, MOST_WORKERS);
    }

    private static String idleTimeout(Setting setting) throws ImportAborted {
        int seconds = FpmSettings.seconds(setting);
        if (seconds == 0) {
            throw SettingValues.bad(setting, "at least 1s");
        }
        return TimeSpan.text(seconds);
    }

    private void dynamic(ProcessDraft draft, int max) throws ImportAborted {
        int spareMin = needed(SPARE_MIN, max);
        Setting most = settings.take(SPARE_MAX);
        if (most == null) {
            throw missing(SPARE_MAX);
        }
        int spareMax = SettingValues.whole(most, spareMin, max);
        Setting start = settings.take(START);
        int min =
                start == null
                        ? spareMin + (spareMax - spareMin) / 2
                        : SettingValues.whole(start, spareMin, spareMax);
        Map<String, Object> workers = new LinkedHashMap<>();
        workers.put("min", min);
        workers.put("max", max);
        workers.put("spare_min", spareMin);
        workers.put("spare_max", spareMax);
        draft.put("workers", workers);
    }

    private int needed(String key, int most) throws ImportAborted {
        Setting setting = settings.take(key);
        if (setting == null) {
            throw missing(key);
        }
        return SettingValues.whole(setting, 1, most);
    }

    /** php-fpm reads these only for another value of {@code pm}. */
    private void ignore(String... keys) {
        for (String key : keys) {
            Setting setting = settings.take(key);
            if (setting != null) {
                importWarnings.add(setting, "php-fpm ignores it with this value of 'pm'");
            }
        }
    }
}
