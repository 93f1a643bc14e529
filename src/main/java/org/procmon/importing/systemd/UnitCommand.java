package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/**
 * A command of {@code ExecStart}.
 *
 * <p>Source: systemd.service(5), "Command lines".
 *
 * @param words its words, which may have {@link EnvPlaceholders}
 * @param mayFail whether its failure is ignored
 */
record UnitCommand(List<String> words, boolean mayFail) {
    /** Reads the commands of one setting. */
    static List<UnitCommand> of(
            Setting setting, UnitName unit, ServiceEnv env, ImportWarnings importWarnings)
            throws ImportAborted {
        List<UnitCommand> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : UnitWords.of(setting)) {
            if (word.equals(UnitWords.SEPARATOR)) {
                commands.add(command(setting, words, unit, env, importWarnings));
                words.clear();
            } else {
                words.add(word);
            }
        }
        // A semicolon may also end the last command.
        if (!words.isEmpty() || commands.isEmpty()) {
            commands.add(command(setting, words, unit, env, importWarnings));
        }
        return commands;
    }

    /** For a shell: the commands in order, up to the first failure that counts. */
    static String inTurn(List<UnitCommand> commands) {
        StringBuilder text = new StringBuilder();
        for (UnitCommand command : commands) {
            String one = ExecBuilder.shellText(command.words());
            text.append(text.isEmpty() ? "" : " && ");
            text.append(command.mayFail() ? "{ " + one + " || true; }" : one);
        }
        return text.toString();
    }

    private static UnitCommand command(
            Setting setting,
            List<String> raw,
            UnitName unit,
            ServiceEnv env,
            ImportWarnings importWarnings)
            throws ImportAborted {
        String first = raw.isEmpty() ? "" : unit.expand(setting, raw.getFirst(), importWarnings);
        int at = 0;
        while (at < first.length() && "-@:+!|".indexOf(first.charAt(at)) >= 0) {
            at++;
        }
        String prefixes = first.substring(0, at);
        if (at == first.length()) {
            throw ImportAborted.at(setting.spot(), "the command names no program");
        }
        warnAboutPrefixes(prefixes, setting, importWarnings);
        // After @, the second word is not an argument, but the program's argv[0].
        boolean named = prefixes.indexOf('@') >= 0;
        boolean plain = prefixes.indexOf(':') >= 0;
        List<String> words = new ArrayList<>();
        words.add(first.substring(at));
        for (String word : raw.subList(Math.min(named ? 2 : 1, raw.size()), raw.size())) {
            String text = unit.expand(setting, word, importWarnings);
            if (plain) {
                words.add(text);
            } else {
                substitute(setting, text, env, importWarnings, words);
            }
        }
        return new UnitCommand(words, prefixes.indexOf('-') >= 0);
    }

    private static void warnAboutPrefixes(
            String prefixes, Setting setting, ImportWarnings importWarnings) {
        for (int i = 0; i < prefixes.length(); i++) {
            switch (prefixes.charAt(i)) {
                case '@' -> importWarnings.none(setting, "@: a program is told its own name");
                case '+', '!' ->
                        importWarnings.none(
                                setting, prefixes.charAt(i) + ": no privileges of its own");
                case '|' ->
                        importWarnings.none(setting, "|: no shell is put before it; write it out");
                default -> {}
            }
        }
    }

    /** Substitutes variables in a word; the result may be several words, or none. */
    private static void substitute(
            Setting setting,
            String word,
            ServiceEnv env,
            ImportWarnings importWarnings,
            List<String> words) {
        String name = word.startsWith("$") ? word.substring(1) : "";
        if (EnvDraft.isName(name)) {
            String value = env.value(setting, name);
            if (value == null) {
                importWarnings.add(
                        setting,
                        "a shell splits what "
                                + name
                                + " has at its blanks; unlike in systemd, quotes in it stay");
                words.add(EnvPlaceholders.split(name));
            } else {
                split(value, words);
            }
            return;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            int close = word.startsWith("${", at) ? word.indexOf('}', at) : -1;
            String inside = close < 0 ? "" : word.substring(at + 2, close);
            if (EnvDraft.isName(inside)) {
                String value = env.value(setting, inside);
                out.append(value == null ? EnvPlaceholders.whole(inside) : value);
                at = close + 1;
            } else {
                out.append(word.charAt(at));
                at += word.startsWith("$$", at) ? 2 : 1;
            }
        }
        words.add(out.toString());
    }

    /** Splits a value at blanks outside of quotes, and removes the quotes. */
    private static void split(String value, List<String> words) {
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            boolean blank = quote == 0 && Character.isWhitespace(c);
            if (blank && inWord) {
                words.add(word.toString());
                word.setLength(0);
            }
            inWord = !blank;
            if (c == '\\' && at + 1 < value.length()) {
                at++;
                word.append(value.charAt(at));
            } else if (c == quote && quote != 0) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (!blank) {
                word.append(c);
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
    }
}
