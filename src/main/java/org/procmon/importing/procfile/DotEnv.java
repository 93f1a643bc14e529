package org.procmon.importing.procfile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a file {@code .env} as foreman does: everything after the first {@code =} is the value,
 * including blanks; only quotes around the whole value are removed. Other lines are ignored.
 *
 * <p>Source: foreman(1), "ENVIRONMENT"; {@code Foreman::Env}.
 */
final class DotEnv {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_0-9]+)=(.*)");
    private static final Pattern EXPORT = Pattern.compile("export[ \\t]+");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([^\n])");

    private DotEnv() {}

    /** The variables, in the order of the file. */
    static List<Setting> read(SourceFile file, ImportWarnings importWarnings) {
        List<Setting> variables = new ArrayList<>();
        for (int i = 0; i < file.lines().size(); i++) {
            String line = file.lines().get(i);
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            SourceLocation sourceLocation = file.spot(i);
            Matcher export = EXPORT.matcher(line);
            boolean exported = export.lookingAt();
            Matcher assignment = ASSIGNMENT.matcher(exported ? line.substring(export.end()) : line);
            if (!assignment.matches()) {
                importWarnings.add(
                        new Setting(sourceLocation, "", "", ""),
                        "skipped, since it is not KEY=VALUE");
                continue;
            }
            String written = assignment.group(2);
            Setting variable = new Setting(sourceLocation, "", assignment.group(1), value(written));
            if (!isQuoted(written) && (written.startsWith("\"") || written.startsWith("'"))) {
                importWarnings.add(
                        variable, "the quote is not closed at the end, so it is part of the value");
            }
            if (exported) {
                importWarnings.add(
                        variable, "taken, though foreman skips a line that begins with export");
            }
            variables.add(variable);
        }
        return variables;
    }

    private static boolean isQuoted(String text) {
        return text.length() > 1
                && (text.startsWith("\"") || text.startsWith("'"))
                && text.charAt(0) == text.charAt(text.length() - 1);
    }

    /** In double quotes \n is a newline, and a backslash before any other character is removed. */
    private static String value(String written) {
        if (!isQuoted(written)) {
            return written;
        }
        String inside = written.substring(1, written.length() - 1);
        return written.startsWith("'")
                ? inside
                : ESCAPED.matcher(inside.replace("\\n", "\n")).replaceAll("$1");
    }
}
