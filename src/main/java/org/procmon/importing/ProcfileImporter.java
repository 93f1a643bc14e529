package org.procmon.importing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a Procfile, and the {@code .env} next to it, as foreman does.
 *
 * <p>Source: foreman(1), "PROCFILE" and "ENVIRONMENT".
 */
final class ProcfileImporter {
    private static final int FIRST_PORT = 5000;
    private static final int PORT_STEP = 100;
    private static final int LAST_PORT = 65_535;
    private static final String PORT = "PORT";

    private final Surroundings surroundings;
    private final List<Setting> variables = new ArrayList<>();

    private ProcfileImporter(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static Outline read(Path path, Surroundings surroundings) throws Refusal {
        return new ProcfileImporter(surroundings).outline(SourceFile.read(path));
    }

    private Outline outline(SourceFile file) throws Refusal {
        Path dotEnv = file.path().resolveSibling(".env");
        List<String> comments = new ArrayList<>();
        if (Files.exists(dotEnv)) {
            variables.addAll(DotEnv.read(SourceFile.read(dotEnv)));
            comments.add(
                    "The variables of "
                            + dotEnv
                            + " are written here as they were; whoever"
                            + " reads this file sees them.");
        }
        List<Draft> drafts = new ArrayList<>();
        int port = firstPort();
        for (int i = 0; i < file.lines().size(); i++) {
            String line = file.lines().get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                drafts.add(process(entry(file.spot(i), line), port));
                port += PORT_STEP;
            }
        }
        if (drafts.isEmpty()) {
            throw Refusal.at(file.spot(0), "there is nothing to run: no NAME: COMMAND");
        }
        return new Outline(comments, Map.of(), drafts);
    }

    private int firstPort() throws Refusal {
        int port = FIRST_PORT;
        for (Setting variable : variables) {
            if (variable.key().equals(PORT)) {
                port = SettingValues.whole(variable, 0, LAST_PORT);
            }
        }
        return port;
    }

    private static Setting entry(Spot spot, String line) throws Refusal {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        String command = line.substring(colon + 1).strip();
        if (!isName(name) || command.isEmpty()) {
            throw Refusal.at(spot, "this is not NAME: COMMAND");
        }
        return new Setting(spot, "", name, command);
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

    private Draft process(Setting entry, int port) throws Refusal {
        String id = surroundings.ids().of(entry.key(), entry);
        Draft draft = Draft.of("", id, ShellCommand.exec(entry));
        draft.put("cwd", entry.spot().folder().toString());
        draft.put("restart", "always");
        Variables env = new Variables(surroundings.environment(), surroundings.notes());
        for (Setting variable : variables) {
            env.put(variable, variable.key(), variable.value());
        }
        env.put(entry, PORT, String.valueOf(port));
        draft.put("env", env.members());
        return draft;
    }
}
