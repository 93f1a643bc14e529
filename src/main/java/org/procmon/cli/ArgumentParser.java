package org.procmon.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.cli.console.UsageException;
import org.procmon.cli.words.ForeignCommands;
import org.procmon.config.DurationText;
import org.procmon.config.reader.Suggestion;
import org.procmon.importing.SourceFormat;
import org.procmon.log.LogFormat;

/**
 * Reads arguments as getopt(3) does: letters can be joined, a value can follow in the same word or
 * in the next, options and operands can be mixed, and {@code --} ends the options.
 */
final class ArgumentParser {
    private static final String NO_TIMEOUT = "none";
    private static final double LONGEST_TIMEOUT_SECONDS = 365 * 86_400;

    private final String[] args;
    private int next;
    private @Nullable Action action;
    private boolean isShortcut;
    private final List<String> operands = new ArrayList<>();
    private final Map<Option, String> options = new EnumMap<>(Option.class);

    private ArgumentParser(String[] args) {
        this.args = args;
    }

    static ParsedCommand parse(String... args) throws UsageException {
        return new ArgumentParser(args).request();
    }

    private ParsedCommand request() throws UsageException {
        boolean onlyOperands = false;
        boolean isForeign = false;
        while (next < args.length) {
            String word = args[next++];
            if (onlyOperands || word.length() < 2 || word.charAt(0) != '-') {
                boolean separates =
                        word.equals("--") && operands.size() == 1 && action != Action.IMPORT;
                if (!separates) {
                    operand(word);
                }
                // A command that is imported or executed has options of its own.
                isForeign |= operands.size() == 1 && isForeign(word);
                onlyOperands |= isForeign;
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else if (word.startsWith("--")) {
                longOption(word);
            } else {
                letters(word);
            }
        }
        if (options.containsKey(Option.FORMAT) && action == null) {
            action = Action.LIST;
        }
        if (options.containsKey(Option.VERSION)) {
            return result(Action.VERSION, Action.HELP);
        }
        if (options.containsKey(Option.HELP)) {
            return result(Action.HELP, action == null || isShortcut ? Action.HELP : action);
        }
        return checked(action);
    }

    /** Whether what follows this first operand is for another program. */
    private boolean isForeign(String word) {
        return action == Action.EXEC
                || action == Action.RUN_ONCE
                || (action == Action.IMPORT && SourceFormat.isCommand(word));
    }

    private ParsedCommand checked(@Nullable Action wanted) throws UsageException {
        if (wanted == null) {
            throw new UsageException("nothing to do");
        }
        for (Option option : options.keySet()) {
            String other = option.isOfTable() ? withoutTable() : "";
            if (!wanted.takes(option) || !other.isEmpty()) {
                throw new UsageException(
                        "the option "
                                + option.flag
                                + " is not for "
                                + (other.isEmpty() ? wanted.command : other));
            }
        }
        if (operands.size() < wanted.fewest) {
            throw new UsageException(wanted.command + " needs " + wanted.operands);
        }
        if (operands.size() > wanted.most) {
            throw new UsageException(
                    "'"
                            + operands.get(wanted.most)
                            + "' is one argument too many for "
                            + wanted.command);
        }
        if (!options.getOrDefault(Option.FORMAT, "json").equals("json")) {
            throw new UsageException(
                    "the only format is json, not '" + options.get(Option.FORMAT) + "'");
        }
        String logFormat = options.get(Option.LOG_FORMAT);
        if (logFormat != null && LogFormat.of(logFormat).isEmpty()) {
            throw new UsageException("the log format is text or json, not '" + logFormat + "'");
        }
        number(Option.LINES, 0);
        number(Option.STANDBY, 1);
        number(Option.INHERITED, 3);
        number(Option.LISTENERS, 3);
        return result(wanted, wanted == Action.HELP ? subjectOfHelp() : Action.HELP);
    }

    /** What of the arguments asks for a list that is no table; empty if nothing does. */
    private String withoutTable() {
        if (isShortcut) {
            return Shortcut.LIST.flag;
        }
        return options.containsKey(Option.JSON)
                ? Option.JSON.flag
                : options.containsKey(Option.FORMAT) ? Option.FORMAT.flag : "";
    }

    private void number(Option option, int least) throws UsageException {
        String value = options.get(option);
        if (value != null && !isNumber(value, least)) {
            throw new UsageException("'" + value + "' is no number for the option " + option.flag);
        }
    }

    static boolean isNumber(String text, int least) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() < 10 && Integer.parseInt(text) >= least;
    }

    private Action subjectOfHelp() throws UsageException {
        return operands.isEmpty() ? Action.HELP : command(operands.getFirst());
    }

    private static Action command(String word) throws UsageException {
        Action known = Action.ofCommand(word);
        if (known == null) {
            String answer = ForeignCommands.answer(word);
            throw new UsageException(
                    "there is no command '"
                            + word
                            + "'"
                            + (answer.isEmpty()
                                    ? Suggestion.forWord(word, Action.commands())
                                    : answer));
        }
        return known;
    }

    private ParsedCommand result(Action wanted, Action subject) throws UsageException {
        return new ParsedCommand(wanted, subject, List.copyOf(operands), options, timeout());
    }

    private Optional<ParsedCommand.Timeout> timeout() throws UsageException {
        String timeout = options.get(Option.TIMEOUT);
        if (timeout == null) {
            return Optional.empty();
        }
        if (options.containsKey(Option.NO_WAIT)) {
            throw new UsageException("--timeout and --no-wait exclude each other");
        }
        double seconds = timeout.equals(NO_TIMEOUT) ? 0 : DurationText.seconds(timeout);
        if (!(seconds >= 0 && seconds <= LONGEST_TIMEOUT_SECONDS)) {
            throw new UsageException(
                    "'" + timeout + "' is no duration; one is 30s, 1m30s or 500ms");
        }
        Duration limit = Duration.ofMillis(Math.round(seconds * 1000));
        return Optional.of(
                new ParsedCommand.Timeout(limit.isZero() ? Optional.empty() : Optional.of(limit)));
    }

    private void operand(String word) throws UsageException {
        if (action == null) {
            action = command(word);
        } else {
            operands.add(word);
        }
    }

    private void longOption(String word) throws UsageException {
        int equals = word.indexOf('=');
        String flag = equals < 0 ? word : word.substring(0, equals);
        Option option = Option.ofFlag(flag);
        if (option == null) {
            throw new UsageException(
                    "there is no option '" + flag + "'" + Suggestion.forWord(flag, longFlags()));
        }
        if (option.value.isEmpty() && equals >= 0) {
            throw new UsageException("the option " + flag + " takes no value");
        }
        String value = equals < 0 ? null : word.substring(equals + 1);
        put(option, option.value.isEmpty() ? "" : value(flag, option.value, value));
    }

    private void letters(String word) throws UsageException {
        int at = 1;
        while (at < word.length()) {
            String flag = "-" + word.charAt(at);
            // The one letter with two meanings: run FILE, and tail -f.
            boolean follows =
                    (action == Action.TAIL || action == Action.LOGS)
                            && flag.equals(Option.FOLLOW.flag);
            if (action == Action.UP && flag.equals(Shortcut.RUN.flag)) {
                operands.add(
                        value(
                                flag,
                                "FILE",
                                at + 1 < word.length() ? word.substring(at + 1) : null));
                return;
            }
            Shortcut shortcut = follows ? null : Shortcut.ofFlag(flag);
            Option option = shortcut == null ? Option.ofFlag(flag) : null;
            if (option == null && shortcut == null) {
                throw new UsageException("there is no option '" + flag + "'");
            }
            String kind = option != null ? option.value : shortcut == null ? "" : shortcut.value;
            at++;
            String value = "";
            if (!kind.isEmpty()) {
                value = value(flag, kind, at < word.length() ? word.substring(at) : null);
                at = word.length();
            }
            if (option != null) {
                put(option, value);
            } else if (shortcut != null) {
                take(shortcut, value);
            }
        }
    }

    private String value(String flag, String kind, @Nullable String attached)
            throws UsageException {
        if (attached != null) {
            return attached;
        }
        if (next == args.length) {
            throw new UsageException("the option " + flag + " needs " + kind);
        }
        return args[next++];
    }

    private void put(Option option, String value) {
        if (option == Option.PROFILE) {
            options.merge(option, value, (before, more) -> before + "," + more);
        } else {
            options.put(option == Option.LONG_HELP ? Option.HELP : option, value);
        }
    }

    private void take(Shortcut shortcut, String value) throws UsageException {
        if (action != null && (action != shortcut.action || !isShortcut)) {
            throw new UsageException(
                    "the option "
                            + shortcut.flag
                            + " means "
                            + shortcut.action.command
                            + ", but "
                            + action.command
                            + " was given too");
        }
        action = shortcut.action;
        isShortcut = true;
        if (shortcut == Shortcut.RUN_PRIMARY) {
            options.put(Option.FROM_PRIMARY, "");
        }
        options.put(Option.UPSTREAM, "");
        if (!value.isEmpty() || !shortcut.value.isEmpty()) {
            operands.add(value);
        }
    }

    private static List<String> longFlags() {
        List<String> flags = new ArrayList<>();
        for (Option option : Option.values()) {
            if (option.flag.startsWith("--")
                    && (!option.isHidden() || option == Option.LONG_HELP)) {
                flags.add(option.flag);
            }
        }
        return flags;
    }
}
