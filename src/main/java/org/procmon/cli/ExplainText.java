package org.procmon.cli;

import java.util.List;
import org.procmon.control.protocol.Explanation;
import org.procmon.control.protocol.Explanation.Link;
import org.procmon.control.protocol.Plain;
import org.procmon.control.protocol.ProcessRow;

/** Why a process is as it is, for people. */
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
        StatusText.line(text, "outlook", explanation.outlook());
        if (!explanation.lastWords().isEmpty()) {
            text.append("  last lines of stderr:\n");
            for (String line : explanation.lastWords()) {
                text.append("    ").append(Plain.text(line)).append('\n');
            }
        }
        return text.toString();
    }
}
