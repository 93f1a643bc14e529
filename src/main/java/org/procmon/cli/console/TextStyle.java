package org.procmon.cli.console;

import java.util.List;

/** How text looks on a terminal. Source: ECMA-48, SGR. */
public enum TextStyle {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    MAGENTA("35"),
    CYAN("36");

    /** To tell several sources of lines apart; without red, which means a failure. */
    private static final List<TextStyle> PALETTE = List.of(CYAN, YELLOW, GREEN, MAGENTA, BLUE);

    private final String parameters;

    TextStyle(String parameters) {
        this.parameters = parameters;
    }

    /** One of a few colours, in turn. */
    public static TextStyle ofNumber(int number) {
        return PALETTE.get(Math.floorMod(number, PALETTE.size()));
    }

    /** The text in this style; as it is without colours. */
    public String of(String text, boolean colours) {
        return !colours || text.isEmpty() || parameters.isEmpty()
                ? text
                : "\u001b[" + parameters + "m" + text + "\u001b[0m";
    }
}
