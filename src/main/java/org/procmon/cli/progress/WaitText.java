package org.procmon.cli.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.TerminalSafe;
import org.procmon.status.fields.ProcessRow;

/** What a command waits for, in one line. */
final class WaitText {
    private static final String BY_COMMAND = " because of a command";

    private WaitText() {}

    /**
     * {@code stopping stubborn: TERM sent, KILL in 7 s (and 2 more)}.
     *
     * @param rows the processes that the command is about
     * @param goesUp whether it waits until they are up
     * @return empty if none of them is on its way
     */
    static Optional<String> of(List<ProcessRow> rows, boolean goesUp) {
        List<ProcessRow> waiting = new ArrayList<>();
        for (ProcessRow row : rows) {
            if (isOnItsWay(row, goesUp)) {
                waiting.add(row);
            }
        }
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        int more = waiting.size() - 1;
        String text = TerminalSafe.text(one(waiting.getFirst()));
        return Optional.of(more == 0 ? text : text + " (and " + more + " more)");
    }

    private static boolean isOnItsWay(ProcessRow row, boolean goesUp) {
        return switch (row.state()) {
            case "stopping" -> true;
            case "waiting", "starting", "backoff" -> goesUp;
            case "running" -> !goesUp && !row.goal().equals("up");
            default -> false;
        };
    }

    private static String one(ProcessRow row) {
        String verb = row.state().equals("stopping") ? "stopping " : "starting ";
        String cause = row.cause();
        int at = cause.indexOf(BY_COMMAND);
        if (at >= 0) {
            // The caller has given it.
            cause = cause.substring(at + BY_COMMAND.length()).replaceFirst("^[,;] ", "");
        }
        String next =
                row.next()
                        .map(n -> n.what() + " in " + Math.ceilDiv(n.inMs(), 1000) + " s")
                        .orElse("");
        String between = cause.isEmpty() || next.isEmpty() ? "" : ", ";
        String why = cause + between + next;
        return verb + row.name() + (why.isEmpty() ? "" : ": " + why);
    }
}
