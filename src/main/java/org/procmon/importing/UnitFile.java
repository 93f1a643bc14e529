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
    private final List<Block> blocks = new ArrayList<>();

    /** What a backslash at the end of a line goes on from; its first line, or -1. */
    private int start = -1;

    private final StringBuilder pending = new StringBuilder();

    private UnitFile(SourceFile file) {
        this.file = file;
    }

    static List<Block> read(SourceFile file) throws Refusal {
        UnitFile reader = new UnitFile(file);
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            reader.line(i, lines.get(i).strip());
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
        if (line.endsWith("\\")) {
            pending.append(line, 0, line.length() - 1).append(' ');
        } else {
            pending.append(line);
            take();
        }
    }

    private void take() throws Refusal {
        String line = pending.toString().strip();
        Spot spot = file.spot(start);
        pending.setLength(0);
        start = -1;
        if (line.startsWith("[")) {
            if (line.length() < 3 || !line.endsWith("]")) {
                throw Refusal.at(spot, "a section is named like [this]");
            }
            blocks.add(new Block(spot, line.substring(1, line.length() - 1), new ArrayList<>()));
            return;
        }
        if (blocks.isEmpty()) {
            throw Refusal.at(spot, "there is no section yet, such as [Service]");
        }
        int equals = line.indexOf('=');
        if (equals < 1) {
            throw Refusal.at(spot, "this is neither a section nor KEY=VALUE");
        }
        String key = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        Block block = blocks.getLast();
        block.settings().add(new Setting(spot, block.name(), key, value));
    }
}
