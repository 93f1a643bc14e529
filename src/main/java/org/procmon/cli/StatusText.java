package org.procmon.cli;

import java.util.List;
import org.procmon.control.client.StateAge;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.ProcessRow.LastExit;
import org.procmon.control.protocol.ProcessRow.OutputLoss;
import org.procmon.control.protocol.ProcessRow.Signs;
import org.procmon.control.protocol.TerminalSafe;

/** The status of a process, for people. */
final class StatusText {
    private static final int COLUMN = 12;

    private StatusText() {}

    static String text(List<ProcessRow> rows) {
        StringBuilder text = new StringBuilder(256 * rows.size());
        for (ProcessRow row : rows) {
            append(text, row);
        }
        return text.toString();
    }

    static void append(StringBuilder text, ProcessRow row) {
        text.append(row.name()).append(": ").append(row.state());
        text.append(" for ").append(StateAge.text(row.ageMs())).append('\n');
        line(text, "cause", row.cause());
        line(text, "since", row.since());
        line(text, "pid", row.pid() == 0 ? "none yet" : pid(row));
        line(text, "runs", String.valueOf(row.runcount()));
        line(text, "command", row.exec());
        if (row.lastExit().isPresent()) {
            line(text, "last exit", exit(row.lastExit().get()));
        }
        if (row.next().isPresent()) {
            ProcessRow.Next next = row.next().get();
            line(text, "next", next.what() + " in " + duration(next.inMs()));
        }
        append(text, row.signs());
        if (!row.depends().isEmpty()) {
            line(text, "depends on", String.join(", ", row.depends()));
        }
        if (row.orphan()) {
            line(text, "orphan", "no longer in the configuration");
        }
        if (row.hook().isPresent()) {
            line(text, "hook", row.hook().get());
        }
        if (row.unkept().isPresent()) {
            line(text, "not kept", row.unkept().get());
        }
        if (row.output().isPresent()) {
            line(text, "output", loss(row.output().get()));
        }
    }

    private static void append(StringBuilder text, Signs signs) {
        signs.ready().ifPresent(ready -> line(text, "ready", ready ? "yes" : "no"));
        signs.health()
                .ifPresent(health ->
                        line(
                                text,
                                "health",
                                health + signs.complaint().map(c -> ": " + c).orElse("")));
        signs.status().ifPresent(status -> line(text, "says", status));
        signs.mainPid().ifPresent(pid -> line(text, "main pid", String.valueOf(pid)));
        signs.ignored().ifPresent(ignored -> line(text, "ignored", ignored));
    }

    private static String pid(ProcessRow row) {
        return row.pid() + (row.isAlive() ? "" : " (gone)");
    }

    static String exit(LastExit exit) {
        StringBuilder text = new StringBuilder();
        if (exit.code().isPresent()) {
            text.append("code ").append(exit.code().getAsInt());
        } else if (exit.signal().isPresent()) {
            text.append("signal ").append(exit.signal().get());
        } else {
            text.append("unknown");
        }
        text.append(" after ").append(duration(exit.runMs()));
        text.append(", at ").append(exit.at());
        text.append(" (user ").append(duration(exit.userMs()));
        text.append(", system ").append(duration(exit.systemMs()));
        if (exit.maxRss() > 0) {
            text.append(", at most ").append(exit.maxRss() >> 10).append(" KiB");
        }
        return text.append(')').toString();
    }

    private static String loss(OutputLoss loss) {
        return loss.lostBytes()
                + (loss.failing() ? " bytes lost so far: " : " bytes were lost: ")
                + loss.reason();
    }

    /** Milliseconds when short, else as an age. */
    private static String duration(long millis) {
        return millis < 1000 ? millis + "ms" : StateAge.text(millis);
    }

    /** An empty key continues the line before. */
    static void line(StringBuilder text, String key, String value) {
        text.append("  ").append(key).append(key.isEmpty() ? ' ' : ':');
        text.repeat(' ', COLUMN - key.length());
        text.append(TerminalSafe.text(value)).append('\n');
    }
}
