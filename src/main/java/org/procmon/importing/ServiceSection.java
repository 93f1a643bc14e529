package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a process of the section {@code [Service]}.
 *
 * <p>Source: systemd.service(5), systemd.exec(5).
 */
final class ServiceSection {
    private static final String SECTION = "Service";

    private final LoadedUnit unit;
    private final Surroundings surroundings;
    private final Notes notes;

    ServiceSection(LoadedUnit unit, Surroundings surroundings) {
        this.unit = unit;
        this.surroundings = surroundings;
        this.notes = surroundings.notes();
    }

    /** Whether there is anything to start; some services only clean up at the end. */
    boolean hasStart() {
        return !unit.all(SECTION, "ExecStart").isEmpty();
    }

    Service service(String id) throws Refusal {
        Setting description = unit.last("Unit", "Description");
        String comment =
                description == null
                        ? ""
                        : unit.name().expand(description, description.value(), notes);
        ServiceIdentity identity = new ServiceIdentity(unit, LocalAccounts.ofThisMachine(), notes);
        ServiceEnv env = new ServiceEnv(unit, identity.user(), surroundings);
        Draft draft = Draft.of(comment, id, exec(env));
        identity.put(draft);
        new ServiceRestart(unit, notes).put(draft);
        new ServiceReadiness(unit, notes).put(draft);
        new ServiceHooks(unit, notes).put(draft, env);
        new ServiceStop(unit, notes).put(draft);
        new ServiceOutput(unit, surroundings).put(draft);
        env.put(draft);
        for (Setting setting : unit.section(SECTION)) {
            if (!setting.value().isEmpty() && !isRead(setting.key())) {
                tellOfRest(setting);
            }
        }
        return new Service(unit, draft, ServiceIdentity.usual(unit.name().folders(), env));
    }

    private static boolean isRead(String key) {
        return ServiceIdentity.reads(key)
                || ServiceEnv.reads(key)
                || ServiceRestart.reads(key)
                || ServiceReadiness.reads(key)
                || ServiceHooks.reads(key)
                || ServiceStop.reads(key)
                || ServiceOutput.reads(key)
                || key.equals("ExecStart");
    }

    private Object exec(ServiceEnv env) throws Refusal {
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
            return Commands.bareExec(command.words(), env.removed());
        }
        if (!unit.isOfType("oneshot")) {
            throw Refusal.at(
                    settings.getLast().spot(), "only Type=oneshot has more than one ExecStart");
        }
        return Commands.bareScript(UnitCommand.inTurn(commands), env.removed());
    }

    private void tellOfRest(Setting setting) throws Refusal {
        switch (setting.key()) {
            case "Type" -> tellOfType(setting);
            case "RemainAfterExit" -> {
                if (SettingValues.flag(setting)) {
                    notes.none(setting, "what has ended well is shown as ended");
                }
            }
            case "ExecStartPost" ->
                    notes.none(setting, "nothing is run after a start; 'ready' may ask a program");
            case "ExecCondition" ->
                    notes.none(setting, "nothing is asked before a start; see 'before_start'");
            case "IgnoreSIGPIPE" -> {
                if (SettingValues.flag(setting)) {
                    notes.none(setting, "put 'env --ignore-signal=PIPE --' before the command");
                }
            }
            case "PIDFile" -> notes.none(setting, "procmon needs none");
            case "OOMScoreAdjust" ->
                    notes.none(
                            setting, "put 'choom -n " + shown(setting) + " --' before the command");
            case "CPUAffinity" -> notes.none(setting, "put 'taskset' before the command");
            case "IOSchedulingClass", "IOSchedulingPriority" ->
                    notes.none(setting, "put 'ionice' before the command");
            case "CPUSchedulingPolicy", "CPUSchedulingPriority", "CPUSchedulingResetOnFork" ->
                    notes.none(setting, "put 'chrt' before the command");
            default -> notes.none(setting, "procmon has nothing like it");
        }
    }

    private static String shown(Setting setting) {
        return Legible.of(setting.value());
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
                // Read by what makes 'ready'.
            }
            default -> notes.none(setting, "it counts as started at once, as with Type=exec");
        }
    }
}
