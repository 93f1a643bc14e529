package org.procmon.cli.table;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.cli.console.StateStyle;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.TextStyle;
import org.procmon.cli.console.TextWidth;

/**
 * Lays out the rows. Into a pipe, and with {@code --wide}, every value is whole. On a terminal no
 * line is longer than it: WHY is cut first, but not below {@link #LEAST_WHY}; then columns are left
 * out in the order of {@link TableColumn#DISPENSABLE}; at last names are cut.
 */
final class StateTable {
    private static final int LEAST_WHY = 16;
    private static final int LEAST_NAME = 4;
    private static final String GAP = "  ";

    private final List<StateRow> rows;
    private final boolean colours;
    private final Map<TableColumn, Integer> widths = new EnumMap<>(TableColumn.class);

    private StateTable(List<StateRow> rows, boolean colours) {
        this.rows = rows;
        this.colours = colours;
    }

    /**
     * @param terminal empty for a pipe
     * @param wide whether the command is shown too, and lines may be longer than the terminal
     */
    static String text(List<StateRow> rows, Optional<Terminal> terminal, boolean wide) {
        StateTable table = new StateTable(rows, terminal.map(Terminal::colours).orElse(false));
        table.measure(wide);
        if (!wide && terminal.isPresent()) {
            table.fit(terminal.get().columns());
        }
        return table.text();
    }

    private void measure(boolean wide) {
        for (TableColumn column : TableColumn.values()) {
            int width = 0;
            for (StateRow row : rows) {
                width = Math.max(width, TextWidth.of(column.of(row)));
            }
            boolean isEmpty = column == TableColumn.WHY && width == 0;
            if (!isEmpty && (column != TableColumn.COMMAND || wide)) {
                widths.put(column, Math.max(width, column.name().length()));
            }
        }
    }

    private void fit(int columns) {
        for (TableColumn column : TableColumn.DISPENSABLE) {
            int excess = total() - columns;
            if (excess <= 0) {
                return;
            }
            Integer why = widths.get(TableColumn.WHY);
            if (why != null && why - excess >= Math.min(why, LEAST_WHY)) {
                widths.put(TableColumn.WHY, why - excess);
                return;
            }
            widths.remove(column);
        }
        int excess = total() - columns;
        for (TableColumn column : List.of(TableColumn.NAME, TableColumn.STATE)) {
            int width = widths.getOrDefault(column, 0);
            int cut = Math.max(0, Math.min(excess, width - LEAST_NAME));
            widths.put(column, width - cut);
            excess -= cut;
        }
    }

    private int total() {
        int gaps = GAP.length() * (widths.size() - 1);
        return gaps + widths.values().stream().mapToInt(Integer::intValue).sum();
    }

    private String text() {
        StringBuilder text = new StringBuilder(64 + 96 * rows.size());
        List<String> heads = new ArrayList<>();
        widths.keySet().forEach(column -> heads.add(column.name()));
        line(text, heads, _ -> TextStyle.BOLD);
        for (StateRow row : rows) {
            List<String> cells = new ArrayList<>();
            widths.keySet().forEach(column -> cells.add(column.of(row)));
            line(text, cells, column -> style(column, row));
        }
        return text.toString();
    }

    private interface Styles {
        TextStyle of(TableColumn column);
    }

    private void line(StringBuilder text, List<String> cells, Styles styles) {
        StringBuilder line = new StringBuilder();
        int i = 0;
        int pending = 0; // blanks, which are not written before the end of the line
        for (Map.Entry<TableColumn, Integer> column : widths.entrySet()) {
            String cell = TextWidth.cut(cells.get(i), column.getValue());
            int blanks = column.getValue() - TextWidth.of(cell);
            boolean isNumber = column.getKey().isNumber;
            if (!cell.isEmpty()) {
                line.repeat(' ', pending + (isNumber ? blanks : 0));
                line.append(styles.of(column.getKey()).of(cell, colours));
                pending = 0;
            }
            pending += GAP.length() + (isNumber ? 0 : blanks);
            i++;
        }
        text.append(line).append('\n');
    }

    private static TextStyle style(TableColumn column, StateRow row) {
        return switch (column) {
            case STATE -> StateStyle.of(row.state());
            case WHY -> row.state().equals("failed") ? TextStyle.RED : TextStyle.PLAIN;
            case NAME -> TextStyle.BOLD;
            case PID, RESTARTS, UP, CPU, MEM, COMMAND -> TextStyle.PLAIN;
        };
    }
}
