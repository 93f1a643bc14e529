package org.procmon.importing.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceLocation;

/**
 * A command {@code spawn-fcgi} with its options, and what stands before it.
 *
 * <p>Source: spawn-fcgi(1); getopt(3): options may follow operands, up to {@code --}.
 *
 * @param options the last value of each option; empty of one without a value
 * @param application the words of the application; empty if {@code -f} names it
 * @param variables those that the command sets for the application
 * @param isCleared whether the application gets only these variables
 */
record SpawnCommand(
        SourceLocation spot,
        Map<String, String> options,
        List<String> application,
        Map<String, String> variables,
        boolean isCleared) {
    static final String PROGRAM = "spawn-fcgi";

    private static final String WITH_VALUE = "cdfgapbuCFsPUGM";
    private static final String WITHOUT_VALUE = "nS";

    /** Whether a word is the program. */
    static boolean isProgram(String word) {
        return word.equals(PROGRAM) || word.endsWith("/" + PROGRAM);
    }

    /**
     * Reads a command, which may have {@code exec}, {@code env} and assignments before it.
     *
     * @param isNamed whether the program must be named; otherwise the words may start with options
     */
    static SpawnCommand of(SourceLocation spot, List<String> words, boolean isNamed)
            throws ImportAborted {
        Map<String, String> variables = new LinkedHashMap<>();
        boolean cleared = false;
        int at = 0;
        while (at < words.size() && !isProgram(words.get(at)) && isBefore(words.get(at))) {
            String word = words.get(at++);
            int equals = word.indexOf('=');
            if (equals > 0) {
                variables.put(word.substring(0, equals), word.substring(equals + 1));
            }
            cleared |= word.equals("-") || word.equals("-i");
        }
        boolean found = at < words.size() && isProgram(words.get(at));
        if (!found && (isNamed || at > 0)) {
            String word = at < words.size() ? words.get(at) : "";
            throw ImportAborted.at(
                    spot, "this is no command of spawn-fcgi: " + PrintableText.quoted(word, 60));
        }
        return new SpawnCommand(spot, new LinkedHashMap<>(), new ArrayList<>(), variables, cleared)
                .read(words.subList(found ? at + 1 : at, words.size()));
    }

    /** Whether a word may stand before the program. */
    private static boolean isBefore(String word) {
        int equals = word.indexOf('=');
        return (equals > 0 && EnvDraft.isName(word.substring(0, equals)))
                || word.equals("exec")
                || word.equals("env")
                || word.endsWith("/env")
                || word.equals("-i");
    }

    private SpawnCommand read(List<String> words) throws ImportAborted {
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at++);
            if (word.equals("--")) {
                application.addAll(words.subList(at, words.size()));
                return this;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                application.add(word);
                continue;
            }
            int letter = 1;
            while (letter < word.length()) {
                char option = word.charAt(letter++);
                if (WITHOUT_VALUE.indexOf(option) >= 0) {
                    options.put("-" + option, "");
                    continue;
                }
                if (WITH_VALUE.indexOf(option) < 0) {
                    throw ImportAborted.at(spot, complaint(option));
                }
                boolean attached = letter < word.length();
                if (!attached && at == words.size()) {
                    throw ImportAborted.at(spot, "the option -" + option + " has no value");
                }
                options.put("-" + option, attached ? word.substring(letter) : words.get(at++));
                letter = word.length();
            }
        }
        return this;
    }

    private static String complaint(char option) {
        return switch (option) {
            case 'h', '?', 'v' -> "with -" + option + " spawn-fcgi starts nothing";
            default -> "spawn-fcgi has no option " + PrintableText.quoted("-" + option, 10);
        };
    }

    /** An option with its value; null if it is absent. */
    @Nullable Setting option(String name) {
        String value = options.get(name);
        return value == null ? null : setting(name, value);
    }

    Setting setting(String name, String value) {
        return new Setting(spot, "", name, value);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }
}
