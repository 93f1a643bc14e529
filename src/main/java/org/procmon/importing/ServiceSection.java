package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.procmon.spec.Signal;

/**
 * Makes a process of the section {@code [Service]}.
 *
 * <p>Source: systemd.service(5), systemd.exec(5), systemd.kill(5).
 */
final class ServiceSection {
    private static final String SECTION = "Service";

    /** How long systemd waits if the unit does not say it; what relies on it may need it. */
    private static final String USUAL_PATIENCE = "90s";

    private static final Pattern KILL_MAIN =
            Pattern.compile(
                    "(/usr)?(/bin/)?kill +(-s +|-)(?<signal>[A-Za-z0-9]+) +\"?(\\$MAINPID|\\$\\{MAINPID})\"?");

    private final ServiceUnit unit;
    private final Surroundings surroundings;
    private final Notes notes;

    ServiceSection(ServiceUnit unit, Surroundings surroundings) {
        this.unit = unit;
        this.surroundings = surroundings;
        this.notes = surroundings.notes();
    }

    Draft draft(String id) throws Refusal {
        Setting description = unit.last("Unit", "Description");
        String comment =
                description == null
                        ? ""
                        : unit.name().expand(description, description.value(), notes);
        Map<String, String> env = env();
        Draft draft = Draft.of(comment, id, exec(env));
        workingDirectory(draft);
        new ServiceRestart(unit, notes).put(draft);
        new ServiceIdentity(unit, notes).put(draft);
        new ServiceReadiness(unit, notes).put(draft);
        new ServiceHooks(unit, notes).put(draft, env);
        stop(draft);
        reload(draft);
        output(draft);
        draft.putSome("env", variables(env).members());
        for (Setting setting : unit.section(SECTION)) {
            if (!setting.value().isEmpty() && !ServiceIdentity.reads(setting.key())) {
                tellOfRest(setting);
            }
        }
        return draft;
    }

    private Map<String, String> env() throws Refusal {
        Map<String, String> env = new LinkedHashMap<>();
        for (Setting setting : unit.all(SECTION, "Environment")) {
            for (String word : UnitWords.of(setting)) {
                int equals = word.indexOf('=');
                if (equals < 1) {
                    throw Refusal.at(setting.spot(), "'" + word + "' is not KEY=VALUE");
                }
                String value = word.substring(equals + 1);
                env.put(word.substring(0, equals), unit.name().expand(setting, value, notes));
            }
        }
        return env;
    }

    private Variables variables(Map<String, String> env) {
        Variables variables = new Variables(surroundings.environment(), notes);
        Setting setting = unit.last(SECTION, "Environment");
        if (setting != null) {
            env.forEach((name, value) -> variables.put(setting, name, value));
        }
        return variables;
    }

    private Object exec(Map<String, String> env) throws Refusal {
        List<UnitCommand> commands = new ArrayList<>();
        List<Setting> settings = unit.all(SECTION, "ExecStart");
        for (Setting setting : settings) {
            commands.addAll(UnitCommand.of(setting, unit.name(), env, notes));
        }
        if (commands.isEmpty()) {
            throw Refusal.at(unit.top(), "there is no ExecStart");
        }
        if (commands.size() == 1) {
            UnitCommand command = commands.getFirst();
            if (command.mayFail()) {
                notes.none(settings.getFirst(), "-: a failure counts as one");
            }
            return Commands.exec(command.words());
        }
        if (!unit.isOfType("oneshot")) {
            throw Refusal.at(
                    settings.getLast().spot(), "only Type=oneshot has more than one ExecStart");
        }
        return Commands.byShell(UnitCommand.inTurn(commands));
    }

    private void workingDirectory(Draft draft) {
        Setting setting = unit.last(SECTION, "WorkingDirectory");
        if (setting == null) {
            return;
        }
        String folder = unit.name().expand(setting, setting.value(), notes);
        if (folder.startsWith("-")) {
            notes.none(setting, "-: a folder that is missing is an error");
            folder = folder.substring(1);
        }
        if (folder.startsWith("~")) {
            notes.none(setting, "~: write the folder out");
        } else if (!folder.isEmpty()) {
            draft.put("cwd", folder);
        }
    }

    private void stop(Draft draft) throws Refusal {
        Map<String, Object> stop = new LinkedHashMap<>();
        Setting signal = unit.last(SECTION, "KillSignal");
        if (signal != null) {
            if (Signal.parse(signal.value()).isPresent()) {
                stop.put("signal", SettingValues.signal(signal).word());
            } else {
                notes.none(signal, "procmon does not send " + signal.value() + "; it sends TERM");
            }
        }
        Setting stopOnly = unit.last(SECTION, "TimeoutStopSec");
        Setting patience = stopOnly == null ? unit.last(SECTION, "TimeoutSec") : stopOnly;
        stop.put("timeout", patience == null ? USUAL_PATIENCE : TimeSpan.text(patience(patience)));
        draft.put("stop", stop);
    }

    /** The usual command for it sends a signal. */
    private void reload(Draft draft) {
        Setting setting = unit.last(SECTION, "ExecReload");
        if (setting == null) {
            return;
        }
        Matcher kill = KILL_MAIN.matcher(setting.value());
        Optional<Signal> signal =
                kill.matches() ? Signal.parse(kill.group("signal")) : Optional.empty();
        if (signal.isPresent()) {
            draft.put("reload_signal", signal.get().word());
        } else {
            notes.none(setting, "it is reloaded by a signal; see the key 'reload_signal'");
        }
    }

    /** To systemd 0 is without end here. */
    private static double patience(Setting setting) throws Refusal {
        double seconds = TimeSpan.seconds(setting);
        return seconds == 0 ? TimeSpan.LONGEST_SECONDS : seconds;
    }

    private void output(Draft draft) {
        Object stdout = output(unit.last(SECTION, "StandardOutput"), "");
        if (stdout != null) {
            draft.put("stdout", stdout);
        }
        Setting error = unit.last(SECTION, "StandardError");
        if (error == null || error.value().equals("inherit")) {
            // It follows the output, but in a journal of their own they need not share a file.
            if (stdout != null) {
                draft.put("stderr", "stdout");
            }
            return;
        }
        Object stderr = output(error, stdout instanceof Map<?, ?> map ? file(map) : "");
        if (stderr != null) {
            draft.put("stderr", stderr);
        }
    }

    private static String file(Map<?, ?> captured) {
        return String.valueOf(captured.get("file"));
    }

    /**
     * A key of the output; null for the default.
     *
     * @param shared the file that the other stream goes to; empty if it has none
     */
    private @Nullable Object output(@Nullable Setting setting, String shared) {
        if (setting == null) {
            return null;
        }
        String value = unit.name().expand(setting, setting.value(), notes);
        int colon = value.indexOf(':');
        String file = value.substring(colon + 1);
        switch (colon < 0 ? value : value.substring(0, colon + 1)) {
            case "journal", "syslog" -> {}
            case "null" -> {
                return "null";
            }
            case "inherit" -> {
                return "inherit";
            }
            case "file:", "append:", "truncate:" -> {
                if (value.startsWith("truncate:")) {
                    notes.none(setting, "the file is not emptied first");
                }
                if (file.equals(shared) && !file.isEmpty()) {
                    return "stdout";
                }
                if (!file.isEmpty() && surroundings.files().take(setting, file)) {
                    // systemd lets it grow; whoever rotates it now can go on with that.
                    Map<String, Object> captured = new LinkedHashMap<>();
                    captured.put("file", file);
                    captured.put("max_size", 0);
                    return captured;
                }
            }
            default -> notes.none(setting, "output goes to a file instead");
        }
        return null;
    }

    private void tellOfRest(Setting setting) throws Refusal {
        String value = setting.value();
        switch (setting.key()) {
            case "ExecStart",
                    "Environment",
                    "WorkingDirectory",
                    "Restart",
                    "RestartSec",
                    "SuccessExitStatus",
                    "KillSignal",
                    "ExecReload",
                    "TimeoutStopSec",
                    "TimeoutSec",
                    "TimeoutStartSec",
                    "WatchdogSec",
                    "ExecStartPre",
                    "ExecStopPost",
                    "RuntimeMaxSec",
                    "MemoryMax",
                    "StandardOutput",
                    "StandardError" -> {
                // Read above.
            }
            case "PassEnvironment" -> {
                // All of the monitor's environment is passed.
            }
            case "Type" -> tellOfType(setting);
            case "NotifyAccess" -> {
                // It belongs to Type=notify, of which it is told.
            }
            case "SendSIGKILL" -> {
                if (!SettingValues.flag(setting)) {
                    notes.none(setting, "KILL always comes last");
                }
            }
            case "RemainAfterExit" -> {
                if (SettingValues.flag(setting)) {
                    notes.none(setting, "what has ended well is shown as ended");
                }
            }
            case "KillMode" -> {
                if (value.equals("process") || value.equals("none")) {
                    notes.none(setting, "the whole process group is stopped");
                }
            }
            case "StandardInput" -> {
                if (!value.equals("null")) {
                    notes.none(setting, "the input is /dev/null");
                }
            }
            case "ExecStartPost" ->
                    notes.none(setting, "nothing is run after a start; 'ready' may ask a program");
            case "ExecStop" -> notes.none(setting, "it is stopped by signals; see the key 'stop'");
            // With what says when it is started again.
            case "StartLimitBurst", "StartLimitInterval" -> {}
            case "PIDFile" -> notes.none(setting, "procmon needs none");
            default -> notes.none(setting, "procmon has nothing like it");
        }
    }

    private void tellOfType(Setting setting) {
        switch (setting.value()) {
            case "simple", "exec", "idle", "oneshot" -> {}
            case "forking" ->
                    notes.none(
                            setting,
                            "run it in the foreground; a program that goes into the background"
                                    + " seems to have ended");
            case "notify", "notify-reload" -> {
                // Read above.
            }
            default -> notes.none(setting, "it counts as started at once, as with Type=exec");
        }
    }
}
