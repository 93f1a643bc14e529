package org.procmon.importing.draft;

import java.util.ArrayList;
import java.util.List;

/** Makes the key {@code exec} from words, which may have {@link EnvPlaceholders}. */
public final class ExecBuilder {
    private ExecBuilder() {}

    /** A shell sets these variables, which the process must not get. */
    private static final String OF_SHELL = "unset PWD OLDPWD SHLVL";

    /** The command itself; through a shell if it needs variables of its environment. */
    public static Object exec(List<String> words) {
        return exec(words, "");
    }

    /**
     * Like {@link #exec}, for a process that gets only the given variables.
     *
     * @param removed those of them that it must not get either
     */
    public static Object bareExec(List<String> words, List<String> removed) {
        List<String> bare = new ArrayList<>();
        if (!removed.isEmpty() && words.stream().noneMatch(EnvPlaceholders::areIn)) {
            bare.add("env");
            removed.forEach(name -> bare.addAll(List.of("-u", name)));
        }
        bare.addAll(words);
        return exec(bare, unsetting(removed));
    }

    /** Like {@link #bareExec}, for the text of a shell script. */
    public static Object bareScript(String text, List<String> removed) {
        String before = text.contains("${") ? "set -f; " : "";
        return byShell(unsetting(removed) + before + text);
    }

    private static String unsetting(List<String> removed) {
        StringBuilder text = new StringBuilder(OF_SHELL);
        removed.forEach(name -> text.append(' ').append(name));
        return text.append("; ").toString();
    }

    private static Object exec(List<String> words, String first) {
        boolean plain = true;
        for (String word : words) {
            if (EnvPlaceholders.areIn(word)) {
                // Globs in a value must not expand to file names.
                boolean splits = String.join("", words).indexOf(EnvPlaceholders.SPLIT) >= 0;
                return byShell(first + (splits ? "set -f; " : "") + "exec " + shellText(words));
            }
            plain &= isPlain(word);
        }
        return plain ? String.join(" ", words) : new ArrayList<>(words);
    }

    static Object byShell(String text) {
        return List.of("sh", "-c", text);
    }

    /** The text that a shell reads as these words. */
    public static String shellText(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(text.isEmpty() ? "" : " ");
            if (isPlain(word)) {
                text.append(word);
            } else {
                quote(word, text);
            }
        }
        return text.toString();
    }

    private static void quote(String word, StringBuilder text) {
        if (word.isEmpty()) {
            text.append("''");
            return;
        }
        StringBuilder literal = new StringBuilder();
        EnvPlaceholders.forEach(
                word,
                new EnvPlaceholders.Parts() {
                    @Override
                    public void plain(char c) {
                        literal.append(c == '\'' ? "'\\''" : String.valueOf(c));
                    }

                    @Override
                    public void variable(char mark, String name) {
                        flush(literal, text);
                        String quote = mark == EnvPlaceholders.WHOLE ? "\"" : "";
                        text.append(quote).append("${").append(name).append('}').append(quote);
                    }
                });
        flush(literal, text);
    }

    private static void flush(StringBuilder literal, StringBuilder text) {
        if (!literal.isEmpty()) {
            String quote = isPlain(literal.toString()) ? "" : "'";
            text.append(quote).append(literal).append(quote);
            literal.setLength(0);
        }
    }

    /** Whether a word has no special meaning to a shell or to procmon. */
    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (!Character.isLetterOrDigit(c) && "%+,-./:=@_".indexOf(c) < 0) {
                return false;
            }
        }
        return !word.isEmpty();
    }
}
