package org.procmon.cli;

import java.util.List;
import org.procmon.bytes.TerminalSafe;
import org.procmon.status.fields.Explained;
import org.procmon.status.fields.Explanation;
import org.procmon.status.fields.Explanation.Link;
import org.procmon.status.fields.LastExit;
import org.procmon.status.fields.PoolExplanation;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.StatusWords;

/** The explanation of a process's state, for people. */
final class ExplainText {
    private ExplainText() {}

    static String text(Explained explained) {
        return switch (explained) {
            case Explanation explanation -> text(explanation);
            case PoolExplanation explanation -> text(explanation);
        };
    }

    private static String text(PoolExplanation explanation) {
        StringBuilder text = new StringBuilder(512);
        StatusText.append(text, explanation.pool());
        List<String> reasons = explanation.reasons();
        for (int i = 0; i < reasons.size(); i++) {
            StatusText.line(text, i == 0 ? "reasons" : "", reasons.get(i));
        }
        StatusText.line(text, "outlook", explanation.outlook());
        appendLastWords(text, explanation.lastWords());
        return text.toString();
    }

    private static String text(Explanation explanation) {
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
        appendLastWords(text, explanation.lastWords());
        return text.toString();
    }

    private static void appendLastWords(StringBuilder text, List<String> lastWords) {
        if (!lastWords.isEmpty()) {
            text.append("  last lines of stderr:\n");
            for (String line : lastWords) {
                text.append("    ").append(TerminalSafe.text(line)).append('\n');
            }
        }
    }

    private static void appendHistory(StringBuilder text, History history) {
        List<LastExit> runs = history.runs();
        for (int i = 0; i < runs.size(); i++) {
            StatusText.line(text, i == 0 ? "latest runs" : "", StatusWords.exit(runs.get(i)));
        }
        if (history.skipped() > 0) {
            String still = " left out, since the last run was still going";
            StatusText.line(text, "skipped", history.skipped() + still);
        }
    }
}
