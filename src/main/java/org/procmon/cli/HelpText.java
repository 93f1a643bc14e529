package org.procmon.cli;

/** The help texts, generated from the tables of commands and options. */
final class HelpText {
    private static final int COLUMN = 28;

    private HelpText() {}

    /** The help of one command, or of all for {@link Action#HELP}. */
    static String of(Action action) {
        return action == Action.HELP ? all() : one(action);
    }

    private static String all() {
        StringBuilder text = new StringBuilder(2048);
        text.append("usage: procmon COMMAND [OPTION...] [NAME...]\n\ncommands:\n");
        for (Action action : Action.values()) {
            if (!action.command.isEmpty()) {
                line(text, action.command + " " + action.operands, action.summary);
            }
        }
        text.append("\nshort forms:\n");
        for (Shortcut shortcut : Shortcut.values()) {
            line(text, shortcut.flag + " " + shortcut.value, shortcut.action.command);
        }
        text.append("\noptions:\n");
        for (Option option : Option.values()) {
            if (option != Option.FOLLOW) {
                line(text, option);
            }
        }
        return text.append("\nA NAME may be a glob such as 'web-*', or all.\n").toString();
    }

    private static String one(Action action) {
        StringBuilder text = new StringBuilder(1024);
        text.append("usage: procmon ").append(action.command).append(" [OPTION...]");
        text.append(action.operands.isEmpty() ? "" : " ").append(action.operands);
        text.append("\n\n").append(action.summary).append("\n\noptions:\n");
        for (Option option : Option.values()) {
            if (action.takes(option)) {
                line(text, option);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, Option option) {
        if (!option.isHidden()) {
            String also = option == Option.HELP ? ", " + Option.LONG_HELP.flag : "";
            line(text, option.flag + also + " " + option.value, option.summary);
        }
    }

    private static void line(StringBuilder text, String left, String right) {
        text.append("  ").append(left);
        text.repeat(' ', Math.max(1, COLUMN - left.length()));
        text.append(right).append('\n');
    }
}
