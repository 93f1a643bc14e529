package org.procmon.importing.systemd;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ConfigurationText;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * A systemd timer, which becomes the {@code schedule} of the unit that it starts.
 *
 * <p>Source: systemd.timer(5).
 */
final class TimerUnit {
    static final String SECTION = "Timer";
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86_400;
    private static final int WEEK = 7 * DAY;

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    TimerUnit(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    /** A setting that stands for the whole timer, for warnings. */
    Setting whole() {
        return new Setting(unit.top(), "", unit.name().full(), "");
    }

    /** The unit that it starts. */
    String starts() {
        Setting setting = unit.last(SECTION, "Unit");
        return setting == null
                ? unit.name().bare() + ".service"
                : unit.name().expand(setting, setting.value(), importWarnings);
    }

    /** Makes the timer the only trigger of a process. */
    void put(ProcessDraft processDraft) throws ImportAborted {
        Map<String, Object> schedule = new LinkedHashMap<>();
        CalendarTimes times = times();
        if (times != null) {
            schedule.put("start", times.cron());
            if (!times.except().isEmpty()) {
                schedule.put("except", List.of(times.except()));
            }
            if (!times.zone().isEmpty()) {
                schedule.put("timezone", times.zone());
            }
            Setting persistent = unit.last(SECTION, "Persistent");
            if (persistent != null && SettingValues.flag(persistent)) {
                schedule.put("missed", "once");
            }
            Setting jitter = unit.last(SECTION, "RandomizedDelaySec");
            if (jitter != null && TimeSpan.seconds(jitter) > 0) {
                schedule.put("jitter", TimeSpan.text(TimeSpan.seconds(jitter)));
            }
        }
        Optional<String> problem = schedule.isEmpty() ? Optional.of("") : problem(schedule);
        if (problem.isEmpty()) {
            processDraft.put("schedule", schedule);
        } else {
            // The timer starts it, not the monitor.
            processDraft.put("skip", true);
            String why = problem.get().isEmpty() ? "" : " (" + problem.get() + ")";
            importWarnings.none(whole(), "nothing starts " + starts() + " at its times" + why);
        }
        warnAboutRest();
    }

    /** The problem with the schedule, in the words of a monitor. */
    private static Optional<String> problem(Map<String, Object> schedule) {
        ProcessDraft processDraft = ProcessDraft.of("", "a", "a");
        processDraft.put("schedule", schedule);
        String text =
                ConfigurationText.of(new ConfigDraft(List.of(), Map.of(), List.of(processDraft)));
        SpecResult result =
                SpecReader.read(
                        "timer", text.getBytes(StandardCharsets.UTF_8), Path.of("/"), Map.of());
        return switch (result) {
            case SpecResult.Valid _ -> Optional.empty();
            case SpecResult.Invalid invalid -> Optional.of(invalid.problems().getFirst().message());
        };
    }

    private @Nullable CalendarTimes times() throws ImportAborted {
        CalendarTimes all = null;
        for (Setting setting : unit.all(SECTION, "OnCalendar")) {
            String text = unit.name().expand(setting, setting.value(), importWarnings);
            Optional<CalendarTimes> times = CalendarTimes.of(text);
            Optional<CalendarTimes> sum = all == null ? times : times.flatMap(all::and);
            if (sum.isPresent()) {
                all = sum.get();
            } else {
                String why =
                        times.isEmpty()
                                ? "fields of cron cannot say it"
                                : "a schedule has one expression; make another process for it";
                importWarnings.none(setting, why);
            }
        }
        for (String key : List.of("OnUnitActiveSec", "OnUnitInactiveSec")) {
            for (Setting setting : unit.all(SECTION, key)) {
                Optional<CalendarTimes> every = every(TimeSpan.seconds(setting));
                if (all == null && every.isPresent()) {
                    all = every.get();
                    importWarnings.add(
                            setting, "it is counted by the clock, not from the last run");
                } else {
                    importWarnings.none(setting, "times are those of the clock; see 'schedule'");
                }
            }
        }
        return all;
    }

    /** Equal parts of a minute, an hour, a day or a week. */
    private static Optional<CalendarTimes> every(double seconds) {
        int whole = (int) seconds;
        if (whole < 1 || whole != seconds) {
            return Optional.empty();
        }
        if (whole < MINUTE && MINUTE % whole == 0) {
            return CalendarTimes.of("*:*:0/" + whole);
        }
        if (whole < HOUR && whole % MINUTE == 0 && HOUR % whole == 0) {
            return CalendarTimes.of("*:0/" + whole / MINUTE);
        }
        if (whole < DAY && whole % HOUR == 0 && DAY % whole == 0) {
            return CalendarTimes.of("0/" + whole / HOUR + ":00");
        }
        return whole == DAY || whole == WEEK
                ? CalendarTimes.of(whole == DAY ? "daily" : "weekly")
                : Optional.empty();
    }

    private void warnAboutRest() throws ImportAborted {
        for (Setting setting : unit.section(SECTION)) {
            if (setting.value().isEmpty()) {
                continue;
            }
            switch (setting.key()) {
                case "OnCalendar",
                        "OnUnitActiveSec",
                        "OnUnitInactiveSec",
                        "Unit",
                        "Persistent",
                        "RandomizedDelaySec" -> {
                    // Read above.
                }
                case "OnBootSec", "OnStartupSec", "OnActiveSec" ->
                        importWarnings.none(
                                setting, "times are those of the clock; see 'schedule'");
                case "AccuracySec" -> importWarnings.none(setting, "it starts at its time");
                case "FixedRandomDelay",
                        "OnClockChange",
                        "OnTimezoneChange",
                        "WakeSystem",
                        "DeferReactivation" -> {
                    if (SettingValues.flag(setting)) {
                        importWarnings.none(setting, "procmon has nothing like it");
                    }
                }
                case "RemainAfterElapse" -> {
                    if (!SettingValues.flag(setting)) {
                        importWarnings.none(setting, "procmon has nothing like it");
                    }
                }
                default -> importWarnings.none(setting, "procmon has nothing like it");
            }
        }
        for (Setting setting : unit.section("Unit")) {
            boolean about =
                    setting.key().equals("Description") || setting.key().equals("Documentation");
            if (!about && !setting.value().isEmpty()) {
                importWarnings.none(
                        setting, "a timer is the schedule of its process, and nothing else");
            }
        }
    }
}
