package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.LocalAccounts;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/**
 * Makes a process of the section {@code [Service]}.
 *
 * <p>Source: systemd.service(5), systemd.exec(5).
 */
final class ServiceSection {
    private static final String SECTION = "Service";

    private final LoadedUnit unit;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    ServiceSection(LoadedUnit unit, ImportContext importContext) {
        this.unit = unit;
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    /** Whether there is anything to start; some services only clean up at the end. */
    boolean hasStart() {
        return !unit.all(SECTION, "ExecStart").isEmpty();
    }

    ServiceUnit service(String id) throws ImportAborted {
        Setting description = unit.last("Unit", "Description");
        String comment =
                description == null
                        ? ""
                        : unit.name().expand(description, description.value(), importWarnings);
        ServiceIdentity identity =
                new ServiceIdentity(unit, LocalAccounts.ofThisMachine(), importWarnings);
        ServiceEnv env = new ServiceEnv(unit, identity.user(), importContext);
        ProcessDraft processDraft = ProcessDraft.of(comment, id, exec(env));
        identity.put(processDraft);
        new ServiceRestart(unit, importWarnings).put(processDraft);
        new ServiceReadiness(unit, importWarnings).put(processDraft);
        new ServiceHooks(unit, importWarnings).put(processDraft, env);
        new ServiceStop(unit, importWarnings).put(processDraft);
        new ServiceOutput(unit, importContext).put(processDraft);
        env.put(processDraft);
        for (Setting setting : unit.section(SECTION)) {
            if (!setting.value().isEmpty() && !isRead(setting.key())) {
                warnAboutRest(setting);
            }
        }
        return new ServiceUnit(
                unit, processDraft, ServiceIdentity.usual(unit.name().folders(), env));
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

    private Object exec(ServiceEnv env) throws ImportAborted {
        List<UnitCommand> commands = new ArrayList<>();
        List<Setting> settings = unit.all(SECTION, "ExecStart");
        for (Setting setting : settings) {
            commands.addAll(UnitCommand.of(setting, unit.name(), env, importWarnings));
        }
        if (commands.isEmpty()) {
            throw ImportAborted.at(unit.top(), "there is no ExecStart");
        }
        if (commands.size() == 1) {
            UnitCommand command = commands.getFirst();
            if (command.mayFail()) {
                importWarnings.none(settings.getFirst(), "-: a failure counts as one");
            }
            return ExecBuilder.bareExec(command.words(), env.removed());
        }
        if (!unit.isOfType("oneshot")) {
            throw ImportAborted.at(
                    settings.getLast().spot(), "only Type=oneshot has more than one ExecStart");
        }
        return ExecBuilder.bareScript(UnitCommand.inTurn(commands), env.removed());
    }

    private void warnAboutRest(Setting setting) throws ImportAborted {
        switch (setting.key()) {
            case "Type" -> warnAboutType(setting);
            case "RemainAfterExit" -> {
                if (SettingValues.flag(setting)) {
                    importWarnings.none(setting, "what has ended well is shown as ended");
                }
            }
            case "ExecStartPost" ->
                    importWarnings.none(
                            setting, "nothing is run after a start; 'ready' may ask a program");
            case "ExecCondition" ->
                    importWarnings.none(
                            setting, "nothing is asked before a start; see 'before_start'");
            case "IgnoreSIGPIPE" -> {
                if (SettingValues.flag(setting)) {
                    importWarnings.none(
                            setting, "put 'env --ignore-signal=PIPE --' before the command");
                }
            }
            case "PIDFile" -> importWarnings.none(setting, "procmon needs none");
            case "OOMScoreAdjust" ->
                    importWarnings.none(
                            setting, "put 'choom -n " + shown(setting) + " --' before the command");
            case "CPUAffinity" -> importWarnings.none(setting, "put 'taskset' before the command");
            case "IOSchedulingClass", "IOSchedulingPriority" ->
                    importWarnings.none(setting, "put 'ionice' before the command");
            case "CPUSchedulingPolicy", "CPUSchedulingPriority", "CPUSchedulingResetOnFork" ->
                    importWarnings.none(setting, "put 'chrt' before the command");
            default -> importWarnings.none(setting, "procmon has nothing like it");
        }
    }

    private static String shown(Setting setting) {
        return PrintableText.of(setting.value());
    }

    private void warnAboutType(Setting setting) {
        switch (setting.value()) {
            case "simple", "exec", "idle", "oneshot" -> {}
            case "forking" ->
                    importWarnings.none(
                            setting,
                            "run it in the foreground; a program that goes into the background"
                                    + " seems to have ended");
            case "notify", "notify-reload" -> {
                // {@link ServiceReadiness} reads it.
            }
            default ->
                    importWarnings.none(setting, "it counts as started at once, as with Type=exec");
        }
    }
}
