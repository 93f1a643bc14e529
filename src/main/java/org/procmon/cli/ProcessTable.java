package org.procmon.cli;

import java.util.List;
import org.procmon.bytes.TerminalSafe;
import org.procmon.control.client.UpstreamList;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.StateAge;

/** The list for people, in the columns that upstream prints. */
final class ProcessTable {
    private static final String HEADER =
            "Process Name         pid Restarts            Since  Status   Command\n";

    private ProcessTable() {}

    static String text(List<ProcessRow> rows) {
        StringBuilder text = new StringBuilder(128 + 128 * rows.size());
        text.append(HEADER);
        for (ProcessRow row : rows) {
            text.append(row.name());
            text.repeat(' ', Math.max(0, 15 - row.name().length()));
            right(text, String.valueOf(row.pid()), 8);
            right(text, String.valueOf(row.runcount()), 8);
            right(text, StateAge.text(row.ageMs()), 16);
            text.append(' ').append(UpstreamList.state(row));
            text.append(" : ").append(TerminalSafe.text(row.exec())).append('\n');
        }
        return text.toString();
    }

    /** What a command has made of a process. */
    static String outcome(ProcessRow row) {
        String state = row.goal().equals("forgotten") ? "deleted" : row.state();
        String more = row.state().equals("running") ? "pid " + row.pid() : row.cause();
        return "%s: %s%s\n"
                .formatted(row.name(), state, more.isEmpty() ? "" : ", " + TerminalSafe.text(more));
    }

    private static void right(StringBuilder text, String value, int width) {
        text.repeat(' ', 1 + Math.max(0, width - value.length()));
        text.append(value);
    }
}
