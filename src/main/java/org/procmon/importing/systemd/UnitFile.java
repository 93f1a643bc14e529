package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a systemd unit into its sections. A key may be given several times.
 *
 * <p>Source: systemd.syntax(7).
 */
final class UnitFile {
    private final SourceFile file;
    private final ImportWarnings importWarnings;
    private final List<FileSection> blocks = new ArrayList<>();

    /** The first line of a setting that a backslash continues, or -1. */
    private int start = -1;

    private final StringBuilder pending = new StringBuilder();

    private UnitFile(SourceFile file, ImportWarnings importWarnings) {
        this.file = file;
        this.importWarnings = importWarnings;
    }

    static List<FileSection> read(SourceFile file, ImportWarnings importWarnings)
            throws ImportAborted {
        UnitFile reader = new UnitFile(file, importWarnings);
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            reader.line(i, lines.get(i).stripLeading());
        }
        if (reader.start >= 0) {
            reader.take();
        }
        return reader.blocks;
    }

    private void line(int index, String line) throws ImportAborted {
        // Comments may appear between the lines of one setting.
        if (line.startsWith("#") || line.startsWith(";") || (start < 0 && line.isEmpty())) {
            return;
        }
        start = start < 0 ? index : start;
        if (goesOn(line)) {
            pending.append(line, 0, line.length() - 1).append(' ');
        } else {
            pending.append(line);
            take();
        }
    }

    /** Whether an unescaped backslash ends the line. */
    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private void take() throws ImportAborted {
        String line = pending.toString().strip();
        SourceLocation sourceLocation = file.spot(start);
        pending.setLength(0);
        start = -1;
        if (line.isEmpty()) {
            return;
        }
        if (line.startsWith("[")) {
            if (line.length() < 3 || !line.endsWith("]")) {
                throw ImportAborted.at(sourceLocation, "a section is named like [this]");
            }
            blocks.add(
                    new FileSection(
                            sourceLocation,
                            line.substring(1, line.length() - 1),
                            new ArrayList<>()));
            return;
        }
        int equals = line.indexOf('=');
        String key = line.substring(0, Math.max(0, equals)).strip();
        if (blocks.isEmpty() || key.isEmpty()) {
            String why = blocks.isEmpty() ? "it is before any section" : "it is not KEY=VALUE";
            Setting skipped = new Setting(sourceLocation, "", "", line);
            importWarnings.add(skipped, "systemd skips this line, since " + why);
            return;
        }
        String value = line.substring(equals + 1).strip();
        FileSection fileSection = blocks.getLast();
        fileSection.settings().add(new Setting(sourceLocation, fileSection.name(), key, value));
    }
}
