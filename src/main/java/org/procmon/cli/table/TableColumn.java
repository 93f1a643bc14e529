package org.procmon.cli.table;

import java.util.List;
import java.util.OptionalLong;

/** The columns of the table, in their order. */
enum TableColumn {
    NAME(false),
    STATE(false),
    PID(true),
    RESTARTS(true),
    UP(true),
    CPU(true),
    MEM(true),
    WHY(false),
    COMMAND(false);

    /** What goes first where a terminal is too narrow. */
    static final List<TableColumn> DISPENSABLE = List.of(CPU, MEM, RESTARTS, PID, UP, WHY);

    private static final String NONE = "-";

    /** Whether its values end at its right edge. */
    final boolean isNumber;

    TableColumn(boolean isNumber) {
        this.isNumber = isNumber;
    }

    /** The value of a row, harmless for a terminal. */
    String of(StateRow row) {
        return switch (this) {
            case NAME -> row.name();
            case STATE -> row.word();
            case PID -> number(row.pid());
            case RESTARTS -> number(row.restarts());
            case UP -> row.upMs().isPresent() ? ShortWords.age(row.upMs().getAsLong()) : NONE;
            case CPU -> row.cpu().map(ShortWords::percent).orElse(NONE);
            case MEM -> row.rss().isPresent() ? ShortWords.bytes(row.rss().getAsLong()) : NONE;
            case WHY -> row.why();
            case COMMAND -> row.command();
        };
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? String.valueOf(value.getAsLong()) : NONE;
    }
}
