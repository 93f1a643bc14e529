package org.procmon.importing.command;

import java.nio.file.Path;
import java.util.List;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceLocation;

/** The words of a command that the user has given instead of a file. */
final class CommandWords {
    private CommandWords() {}

    /** The place of a command, as if it were the only line of a file of this name. */
    static SourceLocation spot(String name) {
        return new SourceLocation(Path.of(name), 1);
    }

    /**
     * The words.
     *
     * @param operands one text, which is split as a shell would; or several words, as a shell has
     *     split them
     */
    static List<String> of(SourceLocation spot, List<String> operands, ImportContext importContext)
            throws ImportAborted {
        for (String operand : operands) {
            check(spot, operand);
        }
        return operands.size() == 1
                ? ShellText.words(
                        spot, operands.getFirst(), name -> value(spot, name, importContext))
                : operands;
    }

    private static void check(SourceLocation spot, String text) throws ImportAborted {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isBlank = c == '\t' || c == '\n';
            if (!isBlank && Character.isISOControl(c)) {
                throw ImportAborted.at(
                        spot,
                        "this is not text: it has a control character of the number " + (int) c);
            }
            if (Character.isSurrogate(c) && !isPaired(text, i)) {
                throw ImportAborted.at(spot, "this is not UTF-8");
            }
        }
    }

    private static boolean isPaired(String text, int i) {
        return (i + 1 < text.length()
                        && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1)))
                || (i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i)));
    }

    private static String value(SourceLocation spot, String name, ImportContext importContext)
            throws ImportAborted {
        String value = importContext.environment().get(name);
        if (value == null) {
            throw ImportAborted.at(
                    spot, "the variable " + PrintableText.quoted(name, 60) + " is not set here");
        }
        check(spot, value);
        importContext
                .notes()
                .add(
                        new Setting(spot, "", "$" + name, value),
                        "the value that it has now is written");
        return value;
    }
}
