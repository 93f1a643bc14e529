package org.procmon.importing.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * The variables and commands of a script that starts spawn-fcgi, such as {@code spawn-php.sh} of
 * lighttpd. The script is not run: in an {@code if}, a variable gets its value only if it has none,
 * and a loop is left out.
 *
 * <p>Source: POSIX.1-2024, Shell Command Language, 2.9.1 Simple Commands.
 */
final class SpawnScript {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern BLANKS = Pattern.compile("[ \\t;]+");
    private static final Pattern ON_ONE_LINE = Pattern.compile(".*[; \\t](fi|done)");

    /** How the script of lighttpd collects the variables that it lets through. */
    private static final Pattern COPIES = Pattern.compile("E=.*\\$\\{!\\w+\\}.*");

    private static final Pattern CLEARED = Pattern.compile("(exec )?(\\S*/)?env -i? ?.*");

    private static final int MOST_LINES = 5000;
    private static final int LONGEST_LINE = 8192;

    private final SourceFile file;
    private final ImportWarnings importWarnings;
    private final Map<String, Setting> variables = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> exported = new HashSet<>();
    private final List<SpawnCommand> commands = new ArrayList<>();
    private boolean cleared;
    private boolean choosing;
    private int conditions;
    private int loops;

    private SpawnScript(SourceFile file, ImportWarnings importWarnings) {
        this.file = file;
        this.importWarnings = importWarnings;
    }

    static SpawnScript read(SourceFile file, ImportWarnings importWarnings) throws ImportAborted {
        SpawnScript script = new SpawnScript(file, importWarnings);
        List<String> lines = file.lines();
        if (lines.size() > MOST_LINES) {
            throw ImportAborted.at(file.spot(MOST_LINES), "no script of this kind is so long");
        }
        for (int i = 0; i < lines.size(); i++) {
            int first = i;
            StringBuilder line = new StringBuilder(lines.get(i));
            // A backslash at the end joins the lines.
            while (line.length() <= LONGEST_LINE
                    && line.toString().endsWith("\\")
                    && i + 1 < lines.size()) {
                line.setLength(line.length() - 1);
                line.append(lines.get(++i));
            }
            if (line.length() > LONGEST_LINE) {
                throw ImportAborted.at(file.spot(first), "this line is too long for a script");
            }
            String rest = line.toString().strip();
            while (!rest.isEmpty() && !rest.startsWith("#")) {
                rest = script.part(file.spot(first), rest);
            }
        }
        return script;
    }

    /** The commands {@code spawn-fcgi}, in the order of the script. */
    List<SpawnCommand> commands() {
        return commands;
    }

    private void add(SpawnCommand command) {
        commands.add(command);
        choosing |= conditions > 0;
    }

    /** Whether it runs only some of its commands. */
    boolean isChoosing() {
        return choosing;
    }

    /** Whether it starts the application with its own variables only. */
    boolean isCleared() {
        return cleared;
    }

    /** A variable; empty if it is not set. Counts as used. */
    String value(String name) {
        used.add(name);
        Setting setting = variables.get(name);
        return setting == null ? "" : setting.value();
    }

    boolean has(String name) {
        return variables.containsKey(name);
    }

    /** A variable with its place; that of the first line if it is not set. */
    Setting setting(String name) {
        used.add(name);
        Setting setting = variables.get(name);
        return setting == null ? new Setting(file.spot(0), "", name, "") : setting;
    }

    Set<String> exported() {
        return exported;
    }

    /** The variables that nothing uses. */
    List<Setting> unused() {
        return variables.values().stream()
                .filter(setting -> !used.contains(setting.key()))
                .toList();
    }

    /** Reads the first part of a line; returns the rest. */
    private String part(SourceLocation spot, String line) throws ImportAborted {
        if (line.startsWith(";")) {
            return line.substring(1).strip();
        }
        switch (BLANKS.split(line, 2)[0]) {
            case "if" -> {
                if (ON_ONE_LINE.matcher(line).matches()) {
                    skip(spot);
                } else {
                    conditions++;
                }
            }
            case "fi" -> conditions--;
            case "for", "while", "until" -> {
                if (ON_ONE_LINE.matcher(line).matches()) {
                    skip(spot);
                } else {
                    loops++;
                }
            }
            case "done" -> loops--;
            case "then", "else", "elif", "do" -> {
                if (BLANKS.split(line, 2).length > 1) {
                    skip(spot);
                }
            }
            case "export" -> {
                return export(spot, line.substring("export".length()).strip());
            }
            default -> {
                if (loops == 0) {
                    return command(spot, line);
                }
                if (!COPIES.matcher(line).matches()) {
                    skip(spot);
                }
            }
        }
        return "";
    }

    /** Reads a name behind {@code export}, perhaps with its value. */
    private String export(SourceLocation spot, String line) throws ImportAborted {
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (assignment.matches()) {
            exported.add(assignment.group(1));
            return exportedRest(assign(spot, assignment).rest());
        }
        String[] parts = BLANKS.split(line, 2);
        exported.add(parts[0]);
        return parts.length > 1 && !line.contains(";") ? exportedRest(parts[1]) : "";
    }

    /** More names may follow the first one. */
    private static String exportedRest(String rest) {
        return rest.isEmpty() || rest.startsWith(";") || rest.startsWith("#")
                ? rest
                : "export " + rest;
    }

    private String command(SourceLocation spot, String line) throws ImportAborted {
        boolean clears = CLEARED.matcher(line).matches();
        cleared |= clears;
        if (isCommand(line)) {
            add(SpawnCommand.of(spot, ShellText.words(spot, line, this::value), true));
            return "";
        }
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (assignment.matches()) {
            return assign(spot, assignment).rest();
        }
        if (!clears && !line.equals("exec 2>&1")) {
            skip(spot);
        }
        return "";
    }

    private void skip(SourceLocation spot) {
        importWarnings.add(
                new Setting(spot, "", "", ""),
                "skipped, since it is neither NAME=VALUE nor a command of spawn-fcgi");
    }

    /** Whether a line is a command {@code spawn-fcgi}, with what may stand before it. */
    private static boolean isCommand(String line) {
        for (String word : BLANKS.split(line, -1)) {
            if (SpawnCommand.isProgram(word)) {
                return true;
            }
            boolean isBefore =
                    word.equals("exec")
                            || word.equals("env")
                            || word.endsWith("/env")
                            || word.equals("-")
                            || word.equals("-i")
                            || ASSIGNMENT.matcher(word).matches();
            if (!isBefore) {
                return false;
            }
        }
        return false;
    }

    private ShellText.Value assign(SourceLocation spot, Matcher assignment) throws ImportAborted {
        String name = assignment.group(1);
        ShellText.Value value = ShellText.value(spot, assignment.group(2), this::value);
        List<String> words = words(value.value());
        boolean isFree = conditions == 0 || !has(name);
        if (!words.isEmpty() && SpawnCommand.isProgram(words.getFirst()) && words.size() > 1) {
            add(SpawnCommand.of(spot, words, true));
            used.add(name);
            variables.put(name, new Setting(spot, "", name, value.value()));
        } else if (isFree) {
            variables.put(name, new Setting(spot, "", name, value.value()));
        }
        return value;
    }

    /** A value as the shell splits it where it is used as a command. */
    private static List<String> words(String value) {
        return value.isBlank() ? List.of() : List.of(value.strip().split("[ \\t]+", -1));
    }
}
