package org.procmon.importing.supervisord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.ShellSplit;

/** A section {@code [program:NAME]}, which makes one process or several. */
final class ProgramSection {
    private static final int DEFAULT_PRIORITY = 999;
    private static final int MOST_PROCESSES = 1000;
    private static final int MOST = 999_999_999;

    private final FileSection fileSection;
    private final String program;
    private final SupervisordSection own;
    private final ProgramGroups groups;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final ProgramSettings settings;

    /** The names that expressions may use in all its settings. */
    private final Map<String, String> common = new LinkedHashMap<>();

    private final int priority;

    ProgramSection(
            FileSection fileSection,
            SupervisordSection own,
            ProgramGroups groups,
            ImportContext importContext)
            throws ImportAborted {
        this.fileSection = fileSection;
        this.program = fileSection.name().substring(fileSection.name().indexOf(':') + 1).strip();
        this.own = own;
        this.groups = groups;
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
        this.settings = new ProgramSettings(fileSection, importContext);
        common.put("program_name", program);
        common.put("group_name", groups.of(program));
        for (SupervisordEnv.Variable variable : own.environment()) {
            common.put("ENV_" + variable.name(), variable.value());
        }
        this.priority = settings.whole("priority", common, DEFAULT_PRIORITY, -MOST, MOST);
    }

    /** A lower number starts earlier. */
    int priority() {
        return priority;
    }

    /** The priority of its group, which is compared before its own. */
    int groupPriority() {
        return groups.priority(program, priority);
    }

    List<ProcessDraft> drafts() throws ImportAborted {
        int count = settings.whole("numprocs", common, 1, 0, MOST_PROCESSES);
        int first = settings.whole("numprocs_start", common, 0, 0, MOST);
        long size = 0;
        for (Setting setting : settings.all()) {
            size += setting.value().length();
        }
        if (size * count > SpecReader.LARGEST_FILE) {
            throw ImportAborted.at(
                    fileSection.spot(), "so many processes of this size are too much");
        }
        if (count == 0) {
            importWarnings.add(fileSection.whole(), "numprocs is 0, so there is no process");
        }
        List<ProcessDraft> drafts = new ArrayList<>();
        for (int number = first; number < first + count; number++) {
            Map<String, String> names = new LinkedHashMap<>(common);
            names.put("process_num", String.valueOf(number));
            names.put("numprocs", String.valueOf(count));
            drafts.add(draft(names));
        }
        for (Setting setting : settings.all()) {
            if (!isRead(setting.key())) {
                importWarnings.none(setting, why(setting.key()));
            }
        }
        return drafts;
    }

    private ProcessDraft draft(Map<String, String> names) throws ImportAborted {
        Setting command = settings.raw("command");
        if (command == null) {
            throw ImportAborted.at(
                    fileSection.spot(), "[" + fileSection.name() + "] has no command");
        }
        List<SupervisordEnv.Variable> variables = variables(names);
        for (SupervisordEnv.Variable variable : variables) {
            names.put("ENV_" + variable.name(), variable.value());
        }
        String name = name(names);
        ProcessDraft processDraft = ProcessDraft.of("", id(name), exec(command, names));
        Setting directory = settings.raw("directory");
        String folder = directory == null ? own.directory() : own.path(directory, names);
        if (!folder.isEmpty()) {
            processDraft.put("cwd", folder);
        }
        new ProgramRestart(settings, importWarnings).put(processDraft, names);
        new ProgramStop(settings, importWarnings).put(processDraft, names);
        ProgramIdentity identity = new ProgramIdentity(settings, own, importContext);
        identity.put(processDraft, names);
        if (!settings.flag("autostart", names, true)) {
            processDraft.put("skip", true);
        }
        output(processDraft, names);
        EnvDraft env = new EnvDraft(importContext.environment(), importWarnings);
        env.put(command, "SUPERVISOR_PROCESS_NAME", name);
        env.put(command, "SUPERVISOR_GROUP_NAME", groups.of(program));
        for (SupervisordEnv.Variable variable : own.environment()) {
            env.put(variable.setting(), variable.name(), variable.value());
        }
        for (SupervisordEnv.Variable variable : variables) {
            env.put(variable.setting(), variable.name(), variable.value());
        }
        identity.putVariables(env, names);
        processDraft.putSome("env", env.members());
        return processDraft;
    }

    private List<SupervisordEnv.Variable> variables(Map<String, String> names)
            throws ImportAborted {
        Setting setting = settings.raw("environment");
        return setting == null
                ? List.of()
                : SupervisordEnv.variables(setting, Expansion.of(setting, names));
    }

    /**
     * supervisord inserts variables into a command, and then splits it into words, quotes and all.
     * A shell can only split at blanks, so a value with more than blanks is inserted now.
     */
    private Object exec(Setting command, Map<String, String> names) throws ImportAborted {
        String text = Expansion.of(command, names);
        String unset = EnvPlaceholders.unset(text, importContext.environment());
        if (!unset.isEmpty()) {
            importWarnings.add(
                    command, unset + " is not set here; supervisord does not start without it");
        }
        StringBuilder out = new StringBuilder();
        EnvPlaceholders.forEach(
                text,
                new EnvPlaceholders.Parts() {
                    @Override
                    public void plain(char c) {
                        out.append(c);
                    }

                    @Override
                    public void variable(char mark, String name) {
                        String now = importContext.environment().getOrDefault(name, "");
                        if (now.matches("(?s)[^'\"\\\\]*")) {
                            out.append(EnvPlaceholders.whole(name));
                        } else {
                            importWarnings.add(
                                    command, name + " has quotes; its value of now is used");
                            out.append(now);
                        }
                    }
                });
        return ExecBuilder.exec(ShellSplit.words(command.spot(), out.toString()));
    }

    private String name(Map<String, String> names) throws ImportAborted {
        Setting setting = settings.raw("process_name");
        return setting == null
                ? program
                : EnvPlaceholders.asNow(Expansion.of(setting, names), importContext.environment())
                        .strip();
    }

    private String id(String name) {
        Setting setting = settings.raw("process_name");
        if (setting == null) {
            return importContext.ids().of(program, fileSection.whole());
        }
        // A bare "00" is too short without its group.
        String full = name.startsWith(program) ? name : program + ":" + name;
        return importContext.ids().of(full, setting);
    }

    private void output(ProcessDraft processDraft, Map<String, String> names) throws ImportAborted {
        ProgramLog log = new ProgramLog(settings, own, importContext, names);
        Object stdout = log.of("stdout");
        if (stdout != null) {
            processDraft.put("stdout", stdout);
        }
        @Nullable Object stderr =
                settings.flag("redirect_stderr", names, false) ? "stdout" : log.of("stderr");
        if (stderr != null) {
            processDraft.put("stderr", stderr);
        }
    }

    private static boolean isRead(String key) {
        return switch (key) {
            case "command",
                    "process_name",
                    "numprocs",
                    "numprocs_start",
                    "priority",
                    "directory",
                    "environment",
                    "autostart",
                    "redirect_stderr" ->
                    true;
            default ->
                    ProgramRestart.reads(key)
                            || ProgramStop.reads(key)
                            || ProgramIdentity.reads(key)
                            || ProgramLog.reads(key);
        };
    }

    private static String why(String key) {
        return switch (key) {
            case "stdout_syslog", "stderr_syslog" -> "output goes to files, not to syslog";
            case "stdout_capture_maxbytes",
                    "stderr_capture_maxbytes",
                    "stdout_events_enabled",
                    "stderr_events_enabled" ->
                    "output makes no events";
            case "serverurl" -> "the command line finds the monitor by PROCMON_STATE_DIR";
            default -> "the setting is unknown";
        };
    }
}
