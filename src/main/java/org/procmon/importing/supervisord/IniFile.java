package org.procmon.importing.supervisord;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a file of supervisord into sections. A setting continues in the lines that are indented
 * deeper than its first.
 *
 * <p>Source: Python's {@code configparser.RawConfigParser} as supervisord sets it up: comments
 * start with {@code ;} or {@code #}, at a line's start or after a blank.
 */
final class IniFile {
    private final SourceFile file;
    private final List<FileSection> blocks = new ArrayList<>();

    /** The first line of the setting that the next line may continue. */
    private int start = -1;

    private int indent;
    private String key = "";
    private final StringBuilder value = new StringBuilder();

    private IniFile(SourceFile file) {
        this.file = file;
    }

    static List<FileSection> read(SourceFile file) throws ImportAborted {
        IniFile reader = new IniFile(file);
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            reader.line(i, withoutComment(lines.get(i)));
        }
        reader.endSetting();
        return reader.blocks;
    }

    private void line(int index, String line) throws ImportAborted {
        String text = line.strip();
        if (text.isEmpty()) {
            return;
        }
        int depth = line.length() - line.stripLeading().length();
        if (start >= 0 && depth > indent) {
            value.append('\n').append(text);
            return;
        }
        endSetting();
        indent = depth;
        SourceLocation sourceLocation = file.spot(index);
        if (text.startsWith("[")) {
            int close = text.lastIndexOf(']');
            if (close < 2) {
                throw ImportAborted.at(sourceLocation, "a section is named like [this]");
            }
            blocks.add(
                    new FileSection(sourceLocation, text.substring(1, close), new ArrayList<>()));
            return;
        }
        if (blocks.isEmpty()) {
            throw ImportAborted.at(
                    sourceLocation, "there is no section yet, such as [program:NAME]");
        }
        int separator = separator(text);
        if (separator < 1) {
            throw ImportAborted.at(sourceLocation, "this is neither a section nor KEY=VALUE");
        }
        start = index;
        key = text.substring(0, separator).strip().toLowerCase(Locale.ROOT);
        value.append(text.substring(separator + 1).strip());
    }

    private void endSetting() {
        if (start >= 0) {
            FileSection fileSection = blocks.getLast();
            fileSection
                    .settings()
                    .add(new Setting(file.spot(start), fileSection.name(), key, value.toString()));
        }
        start = -1;
        value.setLength(0);
    }

    private static int separator(String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
    }

    private static String withoutComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c == ';' || c == '#') && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
                return line.substring(0, i);
            }
        }
        return line;
    }
}
