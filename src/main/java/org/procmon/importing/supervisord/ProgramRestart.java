package org.procmon.importing.supervisord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * When supervisord restarts a program, and when it gives up.
 *
 * <p>Source: "[program:x] Section Settings" and "Process States" in supervisord's manual.
 */
final class ProgramRestart {
    private static final String NEVER = "never";
    private static final int DEFAULT_SECONDS = 1;
    private static final int DEFAULT_RETRIES = 3;
    private static final int MOST_RETRIES = 1000;
    private static final int MOST = 999_999_999;

    /**
     * supervisord waits 1, 2, 3 seconds before the retries. Here the first is immediate, and the
     * others follow after 2, 3, 4.5 seconds, up to the longest delay.
     */
    private static final double FIRST_DELAY = 2;

    private static final double GROWTH = 1.5;
    private static final double LONGEST_DELAY = 30;

    private final ProgramSettings settings;
    private final ImportWarnings importWarnings;

    ProgramRestart(ProgramSettings settings, ImportWarnings importWarnings) {
        this.settings = settings;
        this.importWarnings = importWarnings;
    }

    static boolean reads(String key) {
        return switch (key) {
            case "autorestart", "exitcodes", "startsecs", "startretries" -> true;
            default -> false;
        };
    }

    void put(ProcessDraft processDraft, Map<String, String> names) throws ImportAborted {
        String restart = restart(names);
        processDraft.put("restart", restart);
        Setting codes = settings.of("exitcodes", names);
        if (codes != null) {
            processDraft.put("success_exit", codes(codes));
        }
        int seconds =
                settings.whole("startsecs", names, DEFAULT_SECONDS, 0, TimeSpan.LONGEST_SECONDS);
        int retries = settings.whole("startretries", names, DEFAULT_RETRIES, 0, MOST);
        Setting said = settings.raw("startretries");
        Setting zero = seconds == 0 ? settings.raw("startsecs") : null;
        if (restart.equals(NEVER)) {
            if (said != null && seconds > 0) {
                importWarnings.none(said, "with autorestart=false there is no retry here");
            }
        } else if (zero != null) {
            importWarnings.none(
                    zero,
                    "with 0 what ends at once would be restarted at once, for ever; the backoff"
                            + " stays as it is by default");
        } else {
            putRetries(processDraft, seconds, retries);
            warnAboutLimit(restart, retries, said);
        }
    }

    private String restart(Map<String, String> names) throws ImportAborted {
        Setting setting = settings.of("autorestart", names);
        if (setting == null || setting.value().toLowerCase(Locale.ROOT).equals("unexpected")) {
            return "on-failure";
        }
        return SettingValues.flag(setting) ? "always" : NEVER;
    }

    /**
     * To supervisord a program has started once it ran for startsecs, and only then is its next
     * restart immediate: reset_after does the same. No other program waits for that there, so
     * 'wait' would add a delay that supervisord does not have.
     */
    private static void putRetries(ProcessDraft processDraft, int seconds, int retries) {
        Map<String, Object> backoff = new LinkedHashMap<>();
        backoff.put("initial", TimeSpan.text(FIRST_DELAY));
        backoff.put("factor", GROWTH);
        backoff.put("reset_after", TimeSpan.text(seconds));
        processDraft.put("backoff", backoff);
        if (retries <= MOST_RETRIES) {
            int restarts = Math.max(1, retries);
            Map<String, Object> limit = new LinkedHashMap<>();
            limit.put("restarts", restarts);
            limit.put("period", TimeSpan.text(period(restarts, seconds)));
            processDraft.put("give_up", limit);
        }
    }

    /** The longest time until the last retry has failed, including jitter. */
    private static double period(int restarts, int seconds) {
        double delay = FIRST_DELAY;
        double delays = 0;
        for (int i = 1; i < restarts; i++) {
            delays += delay;
            delay = Math.min(LONGEST_DELAY, delay * GROWTH);
        }
        double all = Math.ceil(delays * 1.1 + (double) restarts * seconds);
        return Math.min(all, TimeSpan.LONGEST_SECONDS);
    }

    /** supervisord counts only the runs that exited too early. */
    private void warnAboutLimit(String restart, int retries, @Nullable Setting said) {
        if (retries > MOST_RETRIES && said != null) {
            importWarnings.add(said, "it is never given up, since 'give_up' counts fewer restarts");
            return;
        }
        if (retries == 0 && said != null) {
            importWarnings.add(said, "with 0 there is one retry here");
        }
        Setting setting = said == null ? settings.raw("autorestart") : said;
        if (restart.equals("always") && setting != null) {
            importWarnings.add(
                    setting,
                    "'give_up' counts each restart within its 'period', also after a run as long"
                            + " as startsecs");
        }
    }

    private static List<Object> codes(Setting setting) throws ImportAborted {
        List<Object> codes = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(setting.value(), ",");
        while (tokens.hasMoreTokens()) {
            String code = tokens.nextToken().strip();
            codes.add(
                    SettingValues.whole(
                            new Setting(setting.spot(), setting.section(), setting.key(), code),
                            0,
                            255));
        }
        if (codes.isEmpty()) {
            throw SettingValues.bad(setting, "exit codes such as 0,2");
        }
        return codes;
    }
}
