package org.procmon.importing.phpfpm;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a file of php-fpm into sections. The values keep their quotes; {@link FpmValue} takes them
 * off.
 *
 * <p>Source: php.net, "FPM Configuration" and {@code parse_ini_file}: a comment starts with {@code
 * ;}, in older versions also with {@code #} at the start of a line.
 */
final class FpmIniFile {
    /** A longer name would make each use of {@code $pool} long. */
    private static final int LONGEST_NAME = 255;

    private final List<FileSection> sections = new ArrayList<>();

    private FpmIniFile() {}

    /**
     * The sections.
     *
     * @param outer the section to which settings before the first section belong
     */
    static List<FileSection> read(SourceFile file, FileSection outer) throws ImportAborted {
        FpmIniFile reader = new FpmIniFile();
        reader.sections.add(outer);
        for (int i = 0; i < file.lines().size(); i++) {
            reader.line(file.spot(i), file.lines().get(i).strip());
        }
        return reader.sections;
    }

    private void line(SourceLocation spot, String line) throws ImportAborted {
        if (line.isEmpty() || line.startsWith(";") || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("[")) {
            section(spot, line);
            return;
        }
        int equals = line.indexOf('=');
        String key = line.substring(0, Math.max(0, equals)).strip();
        if (key.isEmpty()) {
            throw ImportAborted.at(spot, "this is neither a section nor KEY = VALUE");
        }
        FileSection section = sections.getLast();
        if (section.name().isEmpty() && !key.equals(FpmImports.INCLUDE)) {
            throw ImportAborted.at(spot, "there is no section yet, such as [www]");
        }
        String value = FpmValue.withoutComment(spot, line.substring(equals + 1).strip());
        section.settings().add(new Setting(spot, section.name(), key, value));
    }

    private void section(SourceLocation spot, String line) throws ImportAborted {
        int close = line.indexOf(']');
        String rest = line.substring(close + 1).strip();
        String name = close < 0 ? "" : line.substring(1, close).strip();
        boolean isAlone = rest.isEmpty() || rest.startsWith(";") || rest.startsWith("#");
        if (name.isEmpty() || !isAlone) {
            throw ImportAborted.at(spot, "a section is named like [this]");
        }
        if (name.length() > LONGEST_NAME) {
            throw ImportAborted.at(spot, "the name of this section is too long");
        }
        sections.add(new FileSection(spot, name, new ArrayList<>()));
    }
}
