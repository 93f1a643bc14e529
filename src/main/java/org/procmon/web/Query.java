package org.procmon.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.StandardStream;

/**
 * What a query string or a POST body asks for.
 *
 * <p>Commands stand between {@code &}; empty ones are passed over. {@code list} takes any value or
 * none, as it always did; {@code status} takes a name or none, and so does {@code events}, which is
 * the only command then; {@code explain}, {@code start}, {@code stop} and {@code restart} take a
 * name. {@code wait=0} anywhere asks for an answer before the outcome is known, {@code wait=1} is
 * the default. {@code output} takes a name; {@code lines=N} and {@code stream=stdout} or {@code
 * stream=stderr} anywhere, once each, say which part. Everything else makes the whole query bad:
 * nothing of it is done. There are at most {@value #MOST_COMMANDS} commands.
 *
 * @param commands in the order of the query, at least one
 * @param waits whether the outcome of a change is waited for
 */
record Query(List<Command> commands, boolean waits) {
    static final int MOST_COMMANDS = 16;
    private static final int MAX_NAME_LENGTH = 128;

    /** The commands that take a name. */
    private static final Set<String> NAMING =
            Set.of("status", "events", "explain", "output", "start", "stop", "restart");

    /** It asks for more than one request may. */
    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        private TooLarge(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** Which limit it is. */
        String reason() {
            return reason;
        }
    }

    Query {
        commands = List.copyOf(commands);
    }

    /** One command. */
    sealed interface Command {}

    /** All processes, in the six keys that have always been there. */
    record ListAll() implements Command {}

    /** One process in its rich form, or all of them. */
    record Status(Optional<String> name) implements Command {}

    /** Why one process is as it is. */
    record Explain(String name) implements Command {}

    /** The last output of one process. */
    record Output(String name, OutputQuery part) implements Command {}

    /** What happens to one process, or to all; it stands alone. */
    record Watch(Optional<String> name) implements Command {}

    /** One process is to be started, stopped or restarted. */
    record Change(Verb verb, String name) implements Command {}

    enum Verb {
        START,
        STOP,
        RESTART
    }

    /** Whether any of it changes something. */
    boolean changes() {
        for (Command command : commands) {
            if (command instanceof Change) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a query; empty if it is bad.
     *
     * @param text one char per byte, as the web server passes it on
     * @throws TooLarge if there are too many commands, or a name is too long
     */
    static Optional<Query> parse(String text) throws TooLarge {
        List<Command> commands = new ArrayList<>(1);
        boolean waits = true;
        Part part = new Part();
        int begin = 0;
        while (begin <= text.length()) {
            int and = text.indexOf('&', begin);
            int end = and < 0 ? text.length() : and;
            if (end > begin) {
                int equals = text.indexOf('=', begin);
                boolean hasValue = equals >= 0 && equals < end;
                Optional<String> key = decode(text, begin, hasValue ? equals : end);
                Optional<String> value = hasValue ? decode(text, equals + 1, end) : Optional.of("");
                if (key.isEmpty() || value.isEmpty()) {
                    return Optional.empty();
                }
                if (key.get().equals("wait")) {
                    if (!value.get().equals("0") && !value.get().equals("1")) {
                        return Optional.empty();
                    }
                    waits &= value.get().equals("1");
                } else if (Part.isKey(key.get())) {
                    if (!part.take(key.get(), value.get())) {
                        return Optional.empty();
                    }
                } else {
                    Optional<Command> command = command(key.get(), value.get());
                    if (command.isEmpty()) {
                        return Optional.empty();
                    }
                    if (commands.size() == MOST_COMMANDS) {
                        throw new TooLarge(
                                "cannot carry out more than "
                                        + MOST_COMMANDS
                                        + " commands in one query; use several");
                    }
                    commands.add(command.get());
                }
            }
            begin = end + 1;
        }
        if (commands.isEmpty() || !part.addTo(commands)) {
            return Optional.empty();
        }
        if (commands.size() > 1 && commands.stream().anyMatch(Watch.class::isInstance)) {
            return Optional.empty();
        }
        return Optional.of(new Query(commands, waits));
    }

    /** Which part of an output is asked for. */
    private static final class Part {
        private Optional<Integer> lines = Optional.empty();
        private Optional<StandardStream> stream = Optional.empty();

        static boolean isKey(String key) {
            return key.equals("lines") || key.equals("stream");
        }

        /** False if the value is bad, or there was one before. */
        boolean take(String key, String value) {
            if (key.equals("stream")) {
                boolean good = stream.isEmpty();
                stream = StandardStream.named(value);
                return good && stream.isPresent();
            }
            boolean good = lines.isEmpty() && isNumber(value);
            lines = good ? Optional.of(Integer.parseInt(value)) : lines;
            return good;
        }

        /** Tells each command for output; false if it was given and there is none. */
        boolean addTo(List<Command> commands) {
            OutputQuery query =
                    OutputQuery.last(
                            stream.orElse(StandardStream.STDOUT),
                            lines.orElse(OutputQuery.USUAL_LINES));
            boolean used = lines.isEmpty() && stream.isEmpty();
            for (int i = 0; i < commands.size(); i++) {
                if (commands.get(i) instanceof Output output) {
                    commands.set(i, new Output(output.name(), query));
                    used = true;
                }
            }
            return used;
        }

        private static boolean isNumber(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return false;
                }
            }
            return !text.isEmpty() && text.length() < 10;
        }
    }

    private static Optional<Command> command(String key, String value) throws TooLarge {
        if (value.length() > MAX_NAME_LENGTH && NAMING.contains(key)) {
            throw new TooLarge("cannot use a name of more than " + MAX_NAME_LENGTH + " characters");
        }
        return switch (key) {
            case "list" -> Optional.of(new ListAll());
            case "status" ->
                    value.isEmpty() ? Optional.of(new Status(Optional.empty())) : one(value);
            case "events" ->
                    value.isEmpty()
                            ? Optional.of(new Watch(Optional.empty()))
                            : isName(value)
                                    ? Optional.of(new Watch(Optional.of(value)))
                                    : Optional.empty();
            case "explain" -> isName(value) ? Optional.of(new Explain(value)) : Optional.empty();
            case "output" ->
                    isName(value)
                            ? Optional.of(new Output(value, OutputQuery.LAST))
                            : Optional.empty();
            case "start" -> change(Verb.START, value);
            case "stop" -> change(Verb.STOP, value);
            case "restart" -> change(Verb.RESTART, value);
            default -> Optional.empty();
        };
    }

    private static Optional<Command> one(String name) {
        return isName(name) ? Optional.of(new Status(Optional.of(name))) : Optional.empty();
    }

    private static Optional<Command> change(Verb verb, String name) {
        return isName(name) ? Optional.of(new Change(verb, name)) : Optional.empty();
    }

    /** The rule for names: {@code [A-Za-z0-9][A-Za-z0-9._@:-]{0,127}}. */
    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_LENGTH || !isAlphanumeric(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && "._@:-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /**
     * Decodes {@code %XX} (RFC 3986, section 2.1); empty if one is not two hexadecimal digits. A
     * plus sign is a plus sign: that it stands for a blank is a custom of forms, and neither can be
     * in a name.
     */
    private static Optional<String> decode(String text, int begin, int end) {
        int percent = text.indexOf('%', begin);
        if (percent < 0 || percent >= end) {
            return Optional.of(text.substring(begin, end));
        }
        byte[] bytes = new byte[end - begin];
        int count = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes[count++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[count++] = (byte) c;
            }
        }
        return Optional.of(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    }
}
