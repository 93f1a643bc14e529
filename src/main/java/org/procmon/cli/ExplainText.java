package org.procmon.cli;

import java.util.List;
import org.procmon.control.protocol.Explanation;
import org.procmon.control.protocol.Explanation.Link;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.ProcessRow.History;
import org.procmon.control.protocol.ProcessRow.LastExit;
import org.procmon.control.protocol.TerminalSafe;

/** The explanation of a process's state, for people. */
final class ExplainText {
    private ExplainText() {}

    static String text(Explanation explanation) {
        StringBuilder text = new StringBuilder(512);
        ProcessRow process = explanation.process();
        StatusText.append(text, process);
        List<Link> chain = explanation.chain();
        for (int i = 0; i < chain.size(); i++) {
            Link link = chain.get(i);
            String state = link.state().isEmpty() ? "" : link.state() + ": ";
            StatusText.line(
                    text, i == 0 ? "waits for" : "", link.name() + ": " + state + link.cause());
        }
        appendHistory(text, process.history());
        StatusText.line(text, "outlook", explanation.outlook());
        if (!explanation.lastWords().isEmpty()) {
            text.append("  last lines of stderr:\n");
            for (String line : explanation.lastWords()) {
                text.append("    ").append(TerminalSafe.text(line)).append('\n');
            }
        }
        return text.toString();
    }

    private static void appendHistory(StringBuilder text, History history) {
        List<LastExit> runs = history.runs();
        for (int i = 0; i < runs.size(); i++) {
            StatusText.line(text, i == 0 ? "latest runs" : "", StatusText.exit(runs.get(i)));
        }
        if (history.skipped() > 0) {
            String still = " left out, since the last run was still going";
            StatusText.line(text, "skipped", history.skipped() + still);
        }
    }
}
