package org.procmon.importing.procfile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.ShellCommand;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a Procfile, and the {@code .env} and {@code .foreman} next to it, as foreman does.
 *
 * <p>Source: foreman(1), "PROCFILE" and "ENVIRONMENT".
 */
public final class ProcfileImporter {
    private static final int FIRST_PORT = 5000;
    private static final int PORT_STEP = 100;
    private static final int LAST_PORT = 65_535;
    private static final String PORT = "PORT";

    /** How long foreman waits before it sends KILL. */
    private static final String STOP_TIMEOUT = "5s";

    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final List<Setting> variables = new ArrayList<>();

    private ProcfileImporter(ImportContext importContext) {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    public static ConfigDraft read(Path path, ImportContext importContext) throws ImportAborted {
        return new ProcfileImporter(importContext).outline(SourceFile.read(path));
    }

    private ConfigDraft outline(SourceFile file) throws ImportAborted {
        Path dotEnv = file.path().resolveSibling(".env");
        List<String> comments = new ArrayList<>();
        if (Files.exists(dotEnv)) {
            variables.addAll(DotEnv.read(SourceFile.read(dotEnv), importWarnings));
            comments.add(
                    "The variables of "
                            + dotEnv
                            + " are written here as they were; whoever"
                            + " reads this file sees them.");
        }
        ForemanFile foremanFile = ForemanFile.of(file.path(), importWarnings);
        List<ProcessDraft> drafts = new ArrayList<>();
        int port = foremanFile.port(firstPort());
        for (int i = 0; i < file.lines().size(); i++) {
            String line = file.lines().get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Setting entry = entry(file.spot(i), line);
            if (entry == null) {
                Setting skipped = new Setting(file.spot(i), "", "", "");
                importWarnings.add(skipped, "skipped, since it is not NAME: COMMAND");
                continue;
            }
            int count = foremanFile.count(entry.key());
            for (int number = 1; number <= count; number++) {
                drafts.add(process(entry, number, count, port + number - 1));
            }
            if (count == 0) {
                drafts.add(process(entry, 1, 1, port));
                drafts.getLast().put("skip", true);
            }
            port += PORT_STEP;
        }
        if (drafts.isEmpty()) {
            throw ImportAborted.at(file.spot(0), "there is nothing to run: no NAME: COMMAND");
        }
        return new ConfigDraft(comments, Map.of(), drafts);
    }

    private int firstPort() throws ImportAborted {
        int port = FIRST_PORT;
        String inherited = importContext.environment().getOrDefault(PORT, "");
        if (SettingValues.isDigits(inherited) && inherited.length() <= 5) {
            port = Math.min(LAST_PORT, Integer.parseInt(inherited));
        }
        for (Setting variable : variables) {
            if (variable.key().equals(PORT)) {
                String value = variable.value().strip();
                port =
                        SettingValues.whole(
                                new Setting(variable.spot(), "", PORT, value), 0, LAST_PORT);
            }
        }
        return port;
    }

    private static @Nullable Setting entry(SourceLocation sourceLocation, String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        String command = line.substring(colon + 1).strip();
        return isName(name) && !command.isEmpty()
                ? new Setting(sourceLocation, "", name, command)
                : null;
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '_' && c != '-' && c != '.') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private ProcessDraft process(Setting entry, int number, int count, int port)
            throws ImportAborted {
        String name = count == 1 ? entry.key() : entry.key() + "." + number;
        String id = importContext.ids().of(name, entry);
        ProcessDraft processDraft = ProcessDraft.of("", id, ShellCommand.exec(entry));
        processDraft.put("cwd", entry.spot().folder().toString());
        if (entry.key().equals("release")) {
            importWarnings.add(
                    entry, "run once, as when an application is released; never restarted");
            processDraft.put("restart", "never");
        } else {
            processDraft.put("restart", "always");
        }
        Map<String, Object> stop = new LinkedHashMap<>();
        stop.put("timeout", STOP_TIMEOUT);
        processDraft.put("stop", stop);
        EnvDraft env = new EnvDraft(importContext.environment(), importWarnings);
        for (Setting variable : variables) {
            env.put(variable, variable.key(), variable.value());
        }
        env.put(entry, PORT, String.valueOf(port));
        env.put(entry, "PS", entry.key() + "." + number);
        processDraft.put("env", env.members());
        return processDraft;
    }
}
