package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Signal;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * How systemd stops and reloads a service.
 *
 * <p>Source: systemd.kill(5), systemd.service(5).
 */
final class ServiceStop {
    private static final String SECTION = "Service";

    /** systemd's default timeout; a unit may depend on it. */
    private static final String DEFAULT_TIMEOUT = "90s";

    private static final String NEVER = "infinity";

    private static final Pattern KILL_MAIN =
            Pattern.compile(
                    "[-@:+!]*(/usr)?(/bin/)?kill +(-s +|--signal[ =]|-)(?<signal>[A-Za-z0-9+]+)"
                            + " +\"?(\\$MAINPID|\\$\\{MAINPID})\"?");

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    ServiceStop(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    static boolean reads(String key) {
        return switch (key) {
            case "KillMode",
                    "KillSignal",
                    "RestartKillSignal",
                    "FinalKillSignal",
                    "SendSIGKILL",
                    "SendSIGHUP",
                    "TimeoutStopSec",
                    "TimeoutAbortSec",
                    "TimeoutSec",
                    "ExecStop",
                    "ExecReload" ->
                    true;
            default -> false;
        };
    }

    void put(ProcessDraft processDraft) throws ImportAborted {
        Map<String, Object> stop = new LinkedHashMap<>();
        Setting signal = unit.last(SECTION, "KillSignal");
        Optional<Signal> known = Signal.parse(signal == null ? "TERM" : signal.value());
        if (signal != null && known.isPresent()) {
            stop.put("signal", SettingValues.word(known.get()));
        } else if (signal != null) {
            importWarnings.none(
                    signal, "procmon does not send " + signal.value() + "; it sends TERM");
        }
        Setting stopOnly = unit.last(SECTION, "TimeoutStopSec");
        Setting timeout = stopOnly == null ? unit.last(SECTION, "TimeoutSec") : stopOnly;
        stop.put("timeout", timeout == null ? DEFAULT_TIMEOUT : TimeSpan.timeout(timeout));
        kill(stop);
        mode(stop);
        processDraft.put("stop", stop);
        reload(processDraft);
        Setting command = unit.last(SECTION, "ExecStop");
        if (command != null) {
            importWarnings.none(command, "it is stopped by signals; see the key 'stop'");
        }
        Setting abort = unit.last(SECTION, "TimeoutAbortSec");
        if (abort != null) {
            importWarnings.none(abort, "a process that hangs is given the time of 'stop'");
        }
    }

    private void mode(Map<String, Object> stop) throws ImportAborted {
        Setting mode = unit.last(SECTION, "KillMode");
        if (mode == null) {
            return;
        }
        switch (mode.value()) {
            case "control-group" -> {}
            // KILL follows for the rest, as with systemd.
            case "mixed" -> stop.put("to", "main");
            case "process" -> {
                stop.put("to", "main");
                stop.put("kill_survivors", false);
                importWarnings.none(
                        mode, "what is left of its process group is killed when it has ended");
            }
            case "none" -> {
                stop.put("to", "main");
                stop.put("kill_survivors", false);
                importWarnings.none(mode, "it is stopped by a signal to its main process");
            }
            default -> throw SettingValues.bad(mode, "control-group, mixed, process or none");
        }
    }

    private void kill(Map<String, Object> stop) throws ImportAborted {
        Setting last = unit.last(SECTION, "SendSIGKILL");
        boolean kills = true;
        if (last != null && !SettingValues.flag(last)) {
            kills = false;
            stop.put("timeout", NEVER);
            importWarnings.add(last, "a process that does not end is waited for without end");
            for (String key : List.of("TimeoutStopSec", "TimeoutSec", "FinalKillSignal")) {
                Setting idle = unit.last(SECTION, key);
                if (idle != null) {
                    importWarnings.none(
                            idle, "nothing follows the first signal with SendSIGKILL=no");
                }
            }
        }
        Setting hangup = unit.last(SECTION, "SendSIGHUP");
        if (hangup != null && SettingValues.flag(hangup)) {
            importWarnings.none(hangup, "no HUP follows; 'stop' may have a 'plan' with it");
        }
        Setting ending = unit.last(SECTION, "FinalKillSignal");
        if (kills && ending != null && SettingValues.signal(ending) != Signal.KILL) {
            String first = String.valueOf(stop.getOrDefault("signal", "TERM"));
            String timeout = String.valueOf(stop.get("timeout"));
            String then = SettingValues.word(SettingValues.signal(ending));
            stop.remove("signal");
            stop.remove("timeout");
            stop.put("plan", List.of(first + " " + timeout, then + " " + timeout));
            importWarnings.add(ending, "KILL follows after the same time once more");
        }
        Setting restart = unit.last(SECTION, "RestartKillSignal");
        if (restart != null) {
            importWarnings.none(restart, "a restart stops a process as any other stop does");
        }
    }

    /** The usual reload command sends a signal. */
    private void reload(ProcessDraft processDraft) throws ImportAborted {
        Setting setting = unit.last(SECTION, "ExecReload");
        Setting named = unit.last(SECTION, "ReloadSignal");
        if (unit.isOfType("notify-reload")) {
            processDraft.put(
                    "reload_signal",
                    named == null ? "HUP" : SettingValues.word(SettingValues.signal(named)));
        }
        if (setting == null) {
            return;
        }
        Optional<Signal> signal = signal(unit.all(SECTION, "ExecReload").size(), setting);
        if (signal.isPresent()) {
            processDraft.put("reload_signal", SettingValues.word(signal.get()));
        } else {
            importWarnings.none(setting, "it is reloaded by a signal; see the key 'reload_signal'");
        }
    }

    private static Optional<Signal> signal(int commands, @Nullable Setting setting) {
        Matcher kill = KILL_MAIN.matcher(setting == null ? "" : setting.value());
        if (commands != 1 || !kill.matches()) {
            return Optional.empty();
        }
        return Signal.parse(kill.group("signal"))
                .filter(signal -> signal != Signal.KILL && signal != Signal.STOP);
    }
}
