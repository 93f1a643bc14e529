package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a unit of systemd into its sections. A key may be given several times.
 *
 * <p>Source: systemd.syntax(7).
 */
final class UnitFile {
    private final SourceFile file;
    private final Notes notes;
    private final List<Block> blocks = new ArrayList<>();

    /** What a backslash at the end of a line goes on from; its first line, or -1. */
    private int start = -1;

    private final StringBuilder pending = new StringBuilder();

    private UnitFile(SourceFile file, Notes notes) {
        this.file = file;
        this.notes = notes;
    }

    static List<Block> read(SourceFile file, Notes notes) throws Refusal {
        UnitFile reader = new UnitFile(file, notes);
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            reader.line(i, lines.get(i).stripLeading());
        }
        if (reader.start >= 0) {
            reader.take();
        }
        return reader.blocks;
    }

    private void line(int index, String line) throws Refusal {
        // Comments may stand between the lines of one setting.
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

    /** Whether a backslash ends the line that is not escaped itself. */
    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private void take() throws Refusal {
        String line = pending.toString().strip();
        Spot spot = file.spot(start);
        pending.setLength(0);
        start = -1;
        if (line.isEmpty()) {
            return;
        }
        if (line.startsWith("[")) {
            if (line.length() < 3 || !line.endsWith("]")) {
                throw Refusal.at(spot, "a section is named like [this]");
            }
            blocks.add(new Block(spot, line.substring(1, line.length() - 1), new ArrayList<>()));
            return;
        }
        int equals = line.indexOf('=');
        String key = line.substring(0, Math.max(0, equals)).strip();
        if (blocks.isEmpty() || key.isEmpty()) {
            String why = blocks.isEmpty() ? "it is before any section" : "it is not KEY=VALUE";
            Setting skipped = new Setting(spot, "", "", line);
            notes.tell(skipped, "systemd skips this line, since " + why);
            return;
        }
        String value = line.substring(equals + 1).strip();
        Block block = blocks.getLast();
        block.settings().add(new Setting(spot, block.name(), key, value));
    }
}
