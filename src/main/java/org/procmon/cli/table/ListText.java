package org.procmon.cli.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.TextStyle;
import org.procmon.cli.console.TextWidth;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/** The table with the line of sums below it. */
public final class ListText {
    private static final List<String> MONITORS = List.of("procmon1", "procmon2");
    private static final Comparator<StateRow> TROUBLE_FIRST =
            Comparator.comparingInt((StateRow row) ->
                    switch (row.state()) {
                        case "failed" -> 0;
                        case "backoff" -> 1;
                        default -> 2;
                    });

    private ListText() {}

    /**
     * Lines that each end with a newline.
     *
     * @param processes all that are meant, perhaps with the monitors
     * @param named whether the monitors are rows of their own; else the last line names them
     * @param terminal empty for a pipe
     */
    public static String of(
            List<ProcessRow> processes,
            List<PoolRow> pools,
            boolean named,
            TableChoice choice,
            Optional<Terminal> terminal) {
        List<StateRow> rows = rows(processes, pools, named);
        List<StateRow> shown = new ArrayList<>(rows);
        shown.removeIf(row -> !choice.states().isEmpty() && !choice.states().contains(row.state()));
        shown.sort(choice.sort().map(SortKey::order).orElse(TROUBLE_FIRST));
        String table = shown.isEmpty() ? "" : StateTable.text(shown, terminal, choice.wide());
        return table + last(rows, named ? "" : monitors(processes), terminal, choice.wide());
    }

    /** A pool comes before its first worker, or last if it has none. */
    private static List<StateRow> rows(
            List<ProcessRow> processes, List<PoolRow> pools, boolean named) {
        Map<String, PoolRow> left = new LinkedHashMap<>();
        pools.forEach(pool -> left.put(pool.name(), pool));
        List<StateRow> rows = new ArrayList<>();
        for (ProcessRow row : processes) {
            boolean isMonitor = MONITORS.contains(row.name());
            row.identity()
                    .instance()
                    .map(one -> left.remove(one.group()))
                    .ifPresent(pool -> rows.add(StateRow.of(pool)));
            if (named || !isMonitor) {
                rows.add(StateRow.of(row, isMonitor));
            }
        }
        left.values().forEach(pool -> rows.add(StateRow.of(pool)));
        return rows;
    }

    private static String last(
            List<StateRow> rows, String monitors, Optional<Terminal> terminal, boolean wide) {
        String line = sums(rows) + monitors;
        if (!wide && terminal.isPresent()) {
            line = TextWidth.cut(line, terminal.get().columns());
        }
        boolean bad = rows.stream().anyMatch(row -> row.state().equals("failed"));
        boolean colours = terminal.map(Terminal::colours).orElse(false);
        return (bad ? TextStyle.RED : TextStyle.PLAIN).of(line, colours) + "\n";
    }

    /** {@code 9 of 10 up, 1 failed}; a pool is up while it serves. */
    private static String sums(List<StateRow> all) {
        List<StateRow> rows = all.stream().filter(row -> !row.isMonitor()).toList();
        if (rows.isEmpty()) {
            return "no processes";
        }
        StringJoiner text = new StringJoiner(", ");
        text.add(count(rows, "running") + count(rows, "serving") + " of " + rows.size() + " up");
        for (String state :
                List.of(
                        "failed",
                        "backoff",
                        "starting",
                        "waiting",
                        "stopping",
                        "stopped",
                        "completed")) {
            long count = count(rows, state);
            if (count > 0) {
                text.add(count + " " + (state.equals("backoff") ? "in backoff" : state));
            }
        }
        return text.toString();
    }

    private static long count(List<StateRow> rows, String state) {
        return rows.stream().filter(row -> row.state().equals(state)).count();
    }

    private static String monitors(List<ProcessRow> processes) {
        StringBuilder text = new StringBuilder();
        for (ProcessRow row : processes) {
            int which = MONITORS.indexOf(row.name());
            if (which >= 0 && row.isAlive()) {
                text.append(which == 0 ? "; monitor " : ", backup ").append(row.pid());
            }
        }
        return text.toString();
    }
}
