package org.procmon.cli;

import java.util.List;
import org.procmon.bytes.TerminalSafe;
import org.procmon.control.protocol.ReloadPlan;

/** The plan of a reload, for people. */
final class PlanText {
    private PlanText() {}

    static String text(ReloadPlan plan) {
        StringBuilder text = new StringBuilder();
        List<ReloadPlan.Change> changes = plan.changes();
        int width = changes.stream().mapToInt(c -> c.name().length()).max().orElse(0);
        for (ReloadPlan.Change change : changes) {
            String name = TerminalSafe.text(change.name());
            text.append(name).repeat(' ', width - change.name().length() + 2);
            text.append(words(change)).append('\n');
        }
        text.append(plan.unchanged()).append(" unchanged\n");
        for (String key : plan.atOnce()) {
            text.append(TerminalSafe.text(key)).append(": takes effect now\n");
        }
        for (String key : plan.later()) {
            text.append(TerminalSafe.text(key)).append(": takes effect after 'procmon upgrade'\n");
        }
        return text.toString();
    }

    private static String words(ReloadPlan.Change change) {
        String action = TerminalSafe.text(change.action());
        String keys = TerminalSafe.text(String.join(", ", change.keys()));
        String besides = TerminalSafe.text(String.join(", ", change.besides()));
        return action
                + (keys.isEmpty() ? "" : ": " + keys)
                + (besides.isEmpty() ? "" : "; live: " + besides);
    }
}
