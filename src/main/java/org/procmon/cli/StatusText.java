package org.procmon.cli;

import java.util.List;
import org.procmon.bytes.TerminalSafe;
import org.procmon.status.fields.FieldTable.Line;
import org.procmon.status.fields.PoolFields;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.PoolWords;
import org.procmon.status.fields.PoolWorkerRow;
import org.procmon.status.fields.ProcessFields;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.StateAge;

/** The status of processes and pools, for people: a heading, then the lines of its fields. */
final class StatusText {
    private static final int COLUMN = 12;

    private StatusText() {}

    static String text(List<ProcessRow> rows, List<PoolRow> pools) {
        StringBuilder text = new StringBuilder(256 * (rows.size() + pools.size()));
        for (ProcessRow row : rows) {
            append(text, row);
        }
        for (PoolRow pool : pools) {
            append(text, pool);
        }
        return text.toString();
    }

    static void append(StringBuilder text, ProcessRow row) {
        text.append(row.name()).append(": ").append(row.state());
        text.append(" for ").append(StateAge.text(row.ageMs())).append('\n');
        for (Line line : ProcessFields.TABLE.lines(row)) {
            line(text, line.label(), line.words());
        }
    }

    static void append(StringBuilder text, PoolRow row) {
        text.append(row.name()).append(": ").append(row.state()).append(", a pool\n");
        for (Line line : PoolFields.TABLE.lines(row)) {
            line(text, line.label(), line.words());
        }
        for (PoolWorkerRow worker : row.workers()) {
            text.append("    ").append(worker.name()).append(": ");
            text.append(TerminalSafe.text(PoolWords.worker(worker))).append('\n');
        }
    }

    /** An empty key continues the line before. */
    static void line(StringBuilder text, String key, String value) {
        text.append("  ").append(key).append(key.isEmpty() ? ' ' : ':');
        text.repeat(' ', COLUMN - key.length());
        text.append(TerminalSafe.text(value)).append('\n');
    }
}
