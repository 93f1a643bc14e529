package org.procmon.importing.draft;

/** A command that was written for a shell. Avoids the shell where that makes no difference. */
public final class ShellCommand {
    private static final String EXEC = "exec ";

    private ShellCommand() {}

    /** The key {@code exec} for the command in the value of a setting. */
    public static Object exec(Setting setting) throws ImportAborted {
        String command = setting.value();
        if (!needsShell(command)) {
            ShellSplit.words(setting.spot(), command);
            return command;
        }
        // For a single program the shell execs it, which saves a process.
        return ExecBuilder.byShell(isSingle(command) ? EXEC + command : command);
    }

    private static boolean needsShell(String command) {
        for (int i = 0; i < command.length(); i++) {
            if ("$`;&|<>()*?[]{}~#!\n".indexOf(command.charAt(i)) >= 0) {
                return true;
            }
        }
        return isForShell(firstWord(command));
    }

    private static boolean isSingle(String command) {
        if (isForShell(firstWord(command)) || "({!#<>".indexOf(command.charAt(0)) >= 0) {
            return false;
        }
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            boolean redirects =
                    c == '&'
                            && (command.charAt(Math.max(0, i - 1)) == '>'
                                    || (i + 1 < command.length() && command.charAt(i + 1) == '>'));
            if (c == ';' || c == '|' || c == '\n' || (c == '&' && !redirects)) {
                return false;
            }
        }
        return true;
    }

    private static String firstWord(String command) {
        int end = 0;
        while (end < command.length() && !Character.isWhitespace(command.charAt(end))) {
            end++;
        }
        return command.substring(0, end);
    }

    /** Whether a command that starts with this word needs a shell. */
    private static boolean isForShell(String word) {
        if (word.indexOf('=') >= 0) {
            return true;
        }
        return switch (word) {
            case ".",
                    ":",
                    "alias",
                    "case",
                    "cd",
                    "command",
                    "eval",
                    "exec",
                    "exit",
                    "export",
                    "for",
                    "if",
                    "set",
                    "shift",
                    "source",
                    "time",
                    "trap",
                    "type",
                    "ulimit",
                    "umask",
                    "unset",
                    "until",
                    "wait",
                    "while" ->
                    true;
            default -> false;
        };
    }
}
