package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Signal;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/** When systemd restarts a service, and which exits count as success. */
final class ServiceRestart {
    private static final String SECTION = "Service";
    private static final String ON_FAILURE = "on-failure";
    private static final int MOST_CODE = 255;
    private static final int MOST_STARTS = 1001;
    private static final int DEFAULT_BURST = 5;

    /** In seconds. */
    private static final double DEFAULT_INTERVAL = 10;

    /** In seconds; a shorter interval is 0, which turns the limit off. */
    private static final double SHORTEST = 0.001;

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    ServiceRestart(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    void put(ProcessDraft processDraft) throws ImportAborted {
        Setting setting = unit.last(SECTION, "Restart");
        String restart = setting == null ? "never" : restart(setting);
        processDraft.put("restart", restart);
        List<Setting> statuses = unit.all(SECTION, "SuccessExitStatus");
        if (!restart.equals(ON_FAILURE)) {
            for (Setting prevented : unit.all(SECTION, "RestartPreventExitStatus")) {
                importWarnings.none(
                        prevented, "only 'restart': 'on-failure' looks at how it ended");
            }
        }
        if (restart.equals(ON_FAILURE) || !statuses.isEmpty()) {
            processDraft.put("success_exit", successExit(statuses, restart.equals(ON_FAILURE)));
        }
        putDelay(processDraft);
        putLimit(processDraft, !restart.equals("never"));
        for (Setting forced : unit.all(SECTION, "RestartForceExitStatus")) {
            importWarnings.none(forced, "how it ends forces no restart");
        }
    }

    static boolean reads(String key) {
        return switch (key) {
            case "Restart",
                    "RestartSec",
                    "RestartSteps",
                    "RestartMaxDelaySec",
                    "SuccessExitStatus",
                    "RestartPreventExitStatus",
                    "RestartForceExitStatus",
                    // These settings were in this section in the past.
                    "StartLimitBurst",
                    "StartLimitInterval" ->
                    true;
            default -> false;
        };
    }

    /** systemd waits equally long before each restart, unless a unit makes the delay grow. */
    private void putDelay(ProcessDraft processDraft) throws ImportAborted {
        Setting delay = unit.last(SECTION, "RestartSec");
        double seconds = delay == null ? 0 : TimeSpan.seconds(delay);
        if (delay != null && seconds < TimeSpan.LONGEST_SECONDS) {
            processDraft.put("restart_delay", TimeSpan.text(seconds));
        } else if (delay != null) {
            importWarnings.none(delay, "what is not to be restarted needs Restart=no");
        }
        Setting steps = unit.last(SECTION, "RestartSteps");
        Setting most = unit.last(SECTION, "RestartMaxDelaySec");
        if (steps != null) {
            importWarnings.none(steps, "the key 'backoff' says how the pauses grow");
        }
        if (most != null) {
            importWarnings.none(most, "the key 'backoff' says how the pauses grow");
        } else if (steps == null && seconds >= 1 && seconds < TimeSpan.LONGEST_SECONDS) {
            processDraft.put("backoff", Map.of("initial", 0));
        }
    }

    /**
     * Limits the starts within an interval; the first start is not a restart. Source:
     * systemd.unit(5), StartLimitIntervalSec, and systemd-system.conf(5) for the defaults.
     */
    private void putLimit(ProcessDraft processDraft, boolean restarts) throws ImportAborted {
        Setting burst = limit("StartLimitBurst", "StartLimitBurst");
        Setting interval = limit("StartLimitIntervalSec", "StartLimitInterval");
        if (burst == null && interval == null && !restarts) {
            return;
        }
        double seconds = interval == null ? DEFAULT_INTERVAL : TimeSpan.seconds(interval);
        int starts = burst == null ? DEFAULT_BURST : SettingValues.whole(burst, 0, MOST_STARTS);
        if (seconds >= SHORTEST && starts > 0) {
            Map<String, Object> limit = new LinkedHashMap<>();
            limit.put("restarts", starts - 1);
            limit.put("period", TimeSpan.text(seconds));
            processDraft.put("give_up", limit);
        }
    }

    /** A setting, also under its older name and in its former section. */
    private @Nullable Setting limit(String key, String older) {
        Setting setting = unit.last("Unit", key);
        if (setting == null) {
            setting = unit.last("Unit", older);
        }
        return setting == null ? unit.last(SECTION, older) : setting;
    }

    private String restart(Setting setting) throws ImportAborted {
        return switch (setting.value()) {
            case "no" -> "never";
            case "always", ON_FAILURE -> setting.value();
            case "on-success" -> {
                importWarnings.none(setting, "restarts after good ends only; it is 'always' now");
                yield "always";
            }
            case "on-abnormal", "on-abort" -> {
                importWarnings.none(setting, "restarts after signals only; it is 'on-failure' now");
                yield ON_FAILURE;
            }
            case "on-watchdog" -> {
                importWarnings.none(setting, "restarts when it hangs only; it is 'on-failure' now");
                yield ON_FAILURE;
            }
            default ->
                    throw SettingValues.bad(
                            setting,
                            "no, always, on-failure, on-success, on-abnormal, on-abort or"
                                    + " on-watchdog");
        };
    }

    private List<Object> successExit(List<Setting> statuses, boolean onFailure) {
        List<Object> good = new ArrayList<>();
        good.add(0);
        if (!unit.isOfType("oneshot")) {
            // To systemd, an exit by one of these signals is clean.
            good.addAll(List.of("HUP", "INT", "TERM", "PIPE"));
        }
        List<Setting> all = new ArrayList<>(statuses);
        if (onFailure) {
            all.addAll(preventing());
        }
        for (Setting setting : all) {
            for (String word : UnitWords.valid(setting, importWarnings)) {
                Object status = status(word);
                if (status.equals("")) {
                    importWarnings.none(
                            setting, "'" + word + "' is neither a code nor a signal here");
                } else if (!good.contains(status)) {
                    good.add(status);
                }
            }
        }
        return good;
    }

    /** The exits that prevent a restart; procmon knows only successful ones. */
    private List<Setting> preventing() {
        List<Setting> preventing = unit.all(SECTION, "RestartPreventExitStatus");
        for (Setting setting : preventing) {
            importWarnings.add(setting, "these ends count as good, so that no restart follows");
        }
        return preventing;
    }

    /** An exit code or the name of a signal; empty if it is neither. */
    private static Object status(String word) {
        if (SettingValues.isDigits(word)) {
            boolean code = word.length() <= 3 && Integer.parseInt(word) <= MOST_CODE;
            return code ? (Object) Integer.valueOf(word) : "";
        }
        int code = named(word);
        if (code >= 0) {
            return code;
        }
        return Signal.parse(word).map(SettingValues::word).orElse("");
    }

    /**
     * The exit code of a name; -1 if there is none.
     *
     * <p>Source: sysexits.h(3head), as systemd.exec(5), "Process Exit Codes", names them.
     */
    private static int named(String word) {
        return switch (word) {
            case "SUCCESS" -> 0;
            case "FAILURE" -> 1;
            case "USAGE" -> 64;
            case "DATAERR" -> 65;
            case "NOINPUT" -> 66;
            case "NOUSER" -> 67;
            case "NOHOST" -> 68;
            case "UNAVAILABLE" -> 69;
            case "SOFTWARE" -> 70;
            case "OSERR" -> 71;
            case "OSFILE" -> 72;
            case "CANTCREAT" -> 73;
            case "IOERR" -> 74;
            case "TEMPFAIL" -> 75;
            case "PROTOCOL" -> 76;
            case "NOPERM" -> 77;
            case "CONFIG" -> 78;
            default -> -1;
        };
    }
}
