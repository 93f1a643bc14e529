package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * A command of {@code ExecStart}.
 *
 * <p>Source: systemd.service(5), "Command lines".
 *
 * @param words its words, which may have {@link Marks}
 * @param mayFail whether its failure is not to count
 */
record UnitCommand(List<String> words, boolean mayFail) {
    /** Reads the commands of one setting. */
    static List<UnitCommand> of(
            Setting setting, UnitName unit, Map<String, String> env, Notes notes) throws Refusal {
        List<UnitCommand> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : UnitWords.of(setting)) {
            if (word.equals(UnitWords.SEPARATOR)) {
                commands.add(command(setting, words, unit, env, notes));
                words.clear();
            } else {
                words.add(word);
            }
        }
        // A semicolon may also end the last one.
        if (!words.isEmpty() || commands.isEmpty()) {
            commands.add(command(setting, words, unit, env, notes));
        }
        return commands;
    }

    /** For a shell: one after the other, up to the first whose failure counts. */
    static String inTurn(List<UnitCommand> commands) {
        StringBuilder text = new StringBuilder();
        for (UnitCommand command : commands) {
            String one = Commands.shellText(command.words());
            text.append(text.isEmpty() ? "" : " && ");
            text.append(command.mayFail() ? "{ " + one + " || true; }" : one);
        }
        return text.toString();
    }

    private static UnitCommand command(
            Setting setting, List<String> raw, UnitName unit, Map<String, String> env, Notes notes)
            throws Refusal {
        String first = raw.isEmpty() ? "" : unit.expand(setting, raw.getFirst(), notes);
        int at = 0;
        while (at < first.length() && "-@:+!|".indexOf(first.charAt(at)) >= 0) {
            at++;
        }
        String prefixes = first.substring(0, at);
        if (at == first.length()) {
            throw Refusal.at(setting.spot(), "the command names no program");
        }
        tellOf(prefixes, setting, notes);
        // With @ the second word is not an argument, but the name that the program is told.
        boolean named = prefixes.indexOf('@') >= 0;
        boolean plain = prefixes.indexOf(':') >= 0;
        List<String> words = new ArrayList<>();
        words.add(first.substring(at));
        for (String word : raw.subList(Math.min(named ? 2 : 1, raw.size()), raw.size())) {
            String text = unit.expand(setting, word, notes);
            if (plain) {
                words.add(text);
            } else {
                substitute(setting, text, env, notes, words);
            }
        }
        return new UnitCommand(words, prefixes.indexOf('-') >= 0);
    }

    private static void tellOf(String prefixes, Setting setting, Notes notes) {
        for (int i = 0; i < prefixes.length(); i++) {
            switch (prefixes.charAt(i)) {
                case '@' -> notes.none(setting, "@: a program is told its own name");
                case '+', '!' ->
                        notes.none(setting, prefixes.charAt(i) + ": no privileges of its own");
                case '|' -> notes.none(setting, "|: no shell is put before it; write it out");
                default -> {}
            }
        }
    }

    /** Puts the values of variables into a word, which may make several words of it, or none. */
    private static void substitute(
            Setting setting,
            String word,
            Map<String, String> env,
            Notes notes,
            List<String> words) {
        String name = word.startsWith("$") ? word.substring(1) : "";
        if (Variables.isName(name)) {
            String value = env.get(name);
            if (value == null) {
                tellOfUnset(setting, name, notes);
                words.add(Marks.split(name));
                return;
            }
            StringTokenizer parts = new StringTokenizer(value);
            while (parts.hasMoreTokens()) {
                words.add(parts.nextToken());
            }
            return;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            int close = word.startsWith("${", at) ? word.indexOf('}', at) : -1;
            String inside = close < 0 ? "" : word.substring(at + 2, close);
            if (Variables.isName(inside)) {
                String value = env.get(inside);
                if (value == null) {
                    tellOfUnset(setting, inside, notes);
                    value = Marks.whole(inside);
                }
                out.append(value);
                at = close + 1;
            } else {
                out.append(word.charAt(at));
                at += word.startsWith("$$", at) ? 2 : 1;
            }
        }
        words.add(out.toString());
    }

    private static void tellOfUnset(Setting setting, String name, Notes notes) {
        notes.tell(
                setting,
                "the unit does not set "
                        + name
                        + "; a shell takes it from the monitor's environment");
    }
}
