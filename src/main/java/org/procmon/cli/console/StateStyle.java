package org.procmon.cli.console;

/** How states look. */
public final class StateStyle {
    private StateStyle() {}

    /** The style of the word for a state of a process or a pool. */
    public static TextStyle of(String state) {
        return switch (state) {
            case "running", "serving" -> TextStyle.GREEN;
            case "failed" -> TextStyle.RED;
            case "backoff", "starting", "stopping", "waiting" -> TextStyle.YELLOW;
            default -> TextStyle.DIM;
        };
    }
}
