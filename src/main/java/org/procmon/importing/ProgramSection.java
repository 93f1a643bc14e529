package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.spec.SpecReader;

/** A section {@code [program:NAME]}, which makes one process or several. */
final class ProgramSection {
    private static final int USUAL_PRIORITY = 999;
    private static final int MOST_PROCESSES = 1000;
    private static final int MOST = 999_999_999;

    private final Block block;
    private final String program;
    private final SupervisordSection own;
    private final Surroundings surroundings;
    private final Notes notes;

    /** Its settings; of each key the last. */
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    /** The keys that mean the same to both. */
    private static final String[] IDENTITY = {"user", "umask"};

    private final int priority;

    ProgramSection(Block block, SupervisordSection own, Surroundings surroundings) throws Refusal {
        this.block = block;
        this.program = block.name().substring(block.name().indexOf(':') + 1).strip();
        this.own = own;
        this.surroundings = surroundings;
        this.notes = surroundings.notes();
        for (Setting setting : block.settings()) {
            settings.put(setting.key(), setting);
        }
        this.priority = whole("priority", USUAL_PRIORITY, -MOST, MOST);
    }

    /** The lower, the earlier it starts. */
    int priority() {
        return priority;
    }

    List<Draft> drafts() throws Refusal {
        int count = whole("numprocs", 1, 1, MOST_PROCESSES);
        int first = whole("numprocs_start", 0, 0, MOST);
        long size = 0;
        for (Setting setting : settings.values()) {
            size += setting.value().length();
        }
        if (size * count > SpecReader.LARGEST_FILE) {
            throw Refusal.at(block.spot(), "so many processes of this size are too much");
        }
        List<Draft> drafts = new ArrayList<>();
        for (int number = first; number < first + count; number++) {
            Map<String, String> names = new LinkedHashMap<>();
            names.put("program_name", program);
            names.put("group_name", program);
            names.put("process_num", String.valueOf(number));
            names.put("numprocs", String.valueOf(count));
            drafts.add(draft(names));
        }
        for (Setting setting : settings.values()) {
            if (!isRead(setting.key())) {
                notes.none(setting, why(setting.key()));
            }
        }
        return drafts;
    }

    private Draft draft(Map<String, String> names) throws Refusal {
        Setting command = settings.get("command");
        if (command == null) {
            throw Refusal.at(block.spot(), "[" + block.name() + "] has no command");
        }
        List<String> words = ShellSplit.words(command.spot(), Expansion.of(command, names));
        Draft draft = Draft.of("", id(names), Commands.exec(words));
        Setting directory = settings.get("directory");
        String folder = directory == null ? own.directory() : own.settled(directory, names);
        if (!folder.isEmpty()) {
            draft.put("cwd", folder);
        }
        restart(draft);
        stop(draft);
        for (String key : IDENTITY) {
            Setting setting = settings.get(key);
            if (setting != null) {
                draft.put(key, Expansion.of(setting, names));
            }
        }
        Setting autostart = settings.get("autostart");
        if (autostart != null && !SettingValues.flag(autostart)) {
            draft.put("skip", true);
        }
        output(draft, names);
        draft.putSome("env", env(names));
        return draft;
    }

    private String id(Map<String, String> names) throws Refusal {
        Setting setting = settings.get("process_name");
        if (setting == null) {
            return surroundings.ids().of(program, block.whole());
        }
        String name = Marks.asNow(Expansion.of(setting, names), surroundings.environment());
        // A bare "00" says too little without its group.
        String full = name.startsWith(program) ? name : program + ":" + name;
        return surroundings.ids().of(full, setting);
    }

    private void restart(Draft draft) throws Refusal {
        Setting setting = settings.get("autorestart");
        String value = setting == null ? "unexpected" : setting.value().toLowerCase(Locale.ROOT);
        boolean unexpected = value.equals("unexpected");
        if (unexpected || setting == null) {
            draft.put("restart", "on-failure");
        } else {
            draft.put("restart", SettingValues.flag(setting) ? "always" : "never");
        }
        Setting codes = settings.get("exitcodes");
        if (codes != null) {
            draft.put("success_exit", codes(codes));
        }
        // For supervisord a program has started once it ran for startsecs, and only then is its
        // next restart immediate: that is what reset_after says. Nothing waits for it there, so
        // 'wait' would delay what supervisord does not.
        Setting seconds = settings.get("startsecs");
        if (seconds != null) {
            int length = SettingValues.whole(seconds, 0, TimeSpan.LONGEST_SECONDS);
            if (length == 0) {
                notes.none(
                        seconds,
                        "with 0 what ends at once would be restarted at once, for ever; the"
                                + " backoff stays as it is by default");
            } else {
                draft.put("backoff", Map.of("reset_after", TimeSpan.text(length)));
            }
        }
    }

    private static List<Object> codes(Setting setting) throws Refusal {
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

    private void stop(Draft draft) throws Refusal {
        Map<String, Object> stop = new LinkedHashMap<>();
        Setting signal = settings.get("stopsignal");
        if (signal != null) {
            stop.put("signal", SettingValues.signal(signal).word());
        }
        Setting patience = settings.get("stopwaitsecs");
        if (patience != null) {
            int seconds = SettingValues.whole(patience, 0, TimeSpan.LONGEST_SECONDS);
            stop.put("timeout", TimeSpan.text(seconds));
        }
        draft.putSome("stop", stop);
    }

    private void output(Draft draft, Map<String, String> names) throws Refusal {
        ProgramLog log = new ProgramLog(settings, own, surroundings, names);
        Object stdout = log.of("stdout");
        if (stdout != null) {
            draft.put("stdout", stdout);
        }
        Setting redirect = settings.get("redirect_stderr");
        Object stderr =
                redirect != null && SettingValues.flag(redirect) ? "stdout" : log.of("stderr");
        if (stderr != null) {
            draft.put("stderr", stderr);
        }
    }

    private Map<String, Object> env(Map<String, String> names) throws Refusal {
        Variables env = new Variables(surroundings.environment(), notes);
        for (SupervisordEnv.Variable variable : own.environment()) {
            env.put(variable.setting(), variable.name(), variable.value());
        }
        Setting setting = settings.get("environment");
        if (setting != null) {
            String text = Expansion.of(setting, names);
            for (SupervisordEnv.Variable variable : SupervisordEnv.variables(setting, text)) {
                env.put(setting, variable.name(), variable.value());
            }
        }
        return env.members();
    }

    private int whole(String key, int otherwise, int least, int most) throws Refusal {
        @Nullable Setting setting = settings.get(key);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
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
                    "autorestart",
                    "exitcodes",
                    "startsecs",
                    "user",
                    "umask",
                    "stopsignal",
                    "stopwaitsecs",
                    "redirect_stderr",
                    "stdout_logfile",
                    "stdout_logfile_maxbytes",
                    "stdout_logfile_backups",
                    "stderr_logfile",
                    "stderr_logfile_maxbytes",
                    "stderr_logfile_backups",
                    // Signals go to the whole group in any case.
                    "stopasgroup",
                    "killasgroup" ->
                    true;
            default -> false;
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
            case "startretries" -> "the key 'give_up' bounds the restarts within a period";
            case "serverurl" -> "the command line finds the monitor by PROCMON_STATE_DIR";
            default -> "the setting is unknown";
        };
    }
}
