package org.procmon.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.TerminalSafe;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.StandardStream;

/** Parses one query. For one thread and one use. */
final class QueryParser {
    private static final int MAX_NAME_LENGTH = 128;

    /** How much of an invalid text a message shows. */
    private static final int MOST_SHOWN = 60;

    private static final int MOST_DIGITS = 9;

    private final List<Query.Command> commands = new ArrayList<>(1);
    private Optional<Integer> lines = Optional.empty();
    private Optional<StandardStream> stream = Optional.empty();
    private boolean waits = true;
    private boolean full;
    private boolean json;

    /**
     * @param text one char per byte, as the web server passes it on
     */
    Query parse(String text) throws BadQuery {
        int begin = 0;
        while (begin <= text.length()) {
            int and = text.indexOf('&', begin);
            int end = and < 0 ? text.length() : and;
            if (end > begin) {
                int equals = text.indexOf('=', begin);
                boolean hasValue = equals >= 0 && equals < end;
                String key = decode(text, begin, hasValue ? equals : end);
                take(key, hasValue ? decode(text, equals + 1, end) : "");
            }
            begin = end + 1;
        }
        if (commands.isEmpty()) {
            throw new BadQuery("it asks for nothing");
        }
        if (commands.size() > 1 && commands.stream().anyMatch(Query.Watch.class::isInstance)) {
            throw new BadQuery("'events' does not end, so it must be the only command");
        }
        choosePart();
        chooseForm();
        return new Query(commands, waits);
    }

    private void take(String key, String value) throws BadQuery {
        QueryWord word =
                QueryWord.of(key)
                        .orElseThrow(() -> new BadQuery("there is no query '" + shown(key) + "'"));
        switch (word) {
            case LIST -> add(new Query.ListAll());
            case STATUS -> add(new Query.Status(nameOrAll(word, value)));
            case EXPLAIN -> add(new Query.Explain(name(word, value)));
            case OUTPUT -> add(new Query.Output(name(word, value), OutputQuery.LAST));
            case POOL -> add(new Query.Pool(name(word, value), false, false));
            case EVENTS -> add(new Query.Watch(nameOrAll(word, value)));
            case START -> add(new Query.Change(Query.Verb.START, name(word, value)));
            case STOP -> add(new Query.Change(Query.Verb.STOP, name(word, value)));
            case RESTART -> add(new Query.Change(Query.Verb.RESTART, name(word, value)));
            case WAIT -> waits &= waits(value);
            case LINES -> {
                once("lines", lines.isPresent());
                lines = Optional.of(number(value));
            }
            case STREAM -> {
                once("stream", stream.isPresent());
                stream = Optional.of(stream(value));
            }
            case FULL -> full = true;
            case JSON -> json = true;
        }
    }

    private void add(Query.Command command) throws BadQuery {
        if (commands.size() == Query.MOST_COMMANDS) {
            throw new BadQuery(
                    "it has more than " + Query.MOST_COMMANDS + " commands; use several queries");
        }
        commands.add(command);
    }

    /** Sets the selected part in each command for output. */
    private void choosePart() throws BadQuery {
        OutputQuery part =
                OutputQuery.last(
                        stream.orElse(StandardStream.STDOUT),
                        lines.orElse(OutputQuery.USUAL_LINES));
        boolean used = lines.isEmpty() && stream.isEmpty();
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i) instanceof Query.Output output) {
                commands.set(i, new Query.Output(output.name(), part));
                used = true;
            }
        }
        if (!used) {
            String given = lines.isPresent() ? "lines" : "stream";
            throw new BadQuery(
                    "'" + given + "' says which output is meant, but 'output' is missing");
        }
    }

    /** Sets the form in each command for a pool. */
    private void chooseForm() throws BadQuery {
        boolean used = !full && !json;
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i) instanceof Query.Pool pool) {
                commands.set(i, new Query.Pool(pool.name(), full, json));
                used = true;
            }
        }
        if (!used) {
            throw new BadQuery(
                    "'" + (full ? "full" : "json") + "' is for 'pool', which is missing");
        }
    }

    private static boolean waits(String value) throws BadQuery {
        if (!value.equals("0") && !value.equals("1")) {
            throw new BadQuery("'wait' must be 0 or 1, not '" + shown(value) + "'");
        }
        return value.equals("1");
    }

    private static void once(String key, boolean before) throws BadQuery {
        if (before) {
            throw new BadQuery("'" + key + "' is given twice");
        }
    }

    private static int number(String value) throws BadQuery {
        boolean good = !value.isEmpty() && value.length() <= MOST_DIGITS;
        for (int i = 0; good && i < value.length(); i++) {
            good = value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        if (!good) {
            throw new BadQuery(
                    "'lines' must be a number from 0 to 999999999, not '" + shown(value) + "'");
        }
        return Integer.parseInt(value);
    }

    private static StandardStream stream(String value) throws BadQuery {
        Optional<StandardStream> stream = StandardStream.named(value);
        if (stream.isEmpty()) {
            throw new BadQuery("'stream' must be stdout or stderr, not '" + shown(value) + "'");
        }
        return stream.get();
    }

    private static Optional<String> nameOrAll(QueryWord word, String value) throws BadQuery {
        return value.isEmpty() ? Optional.empty() : Optional.of(name(word, value));
    }

    /** The rule for names: {@code [A-Za-z0-9][A-Za-z0-9._@:-]{0,127}}. */
    private static String name(QueryWord word, String value) throws BadQuery {
        if (value.isEmpty()) {
            throw new BadQuery(
                    "'"
                            + word.word()
                            + "' needs the name of a "
                            + (word == QueryWord.POOL ? "pool" : "process"));
        }
        if (value.length() > MAX_NAME_LENGTH) {
            throw new BadQuery("a name has at most " + MAX_NAME_LENGTH + " characters");
        }
        boolean good = isAlphanumeric(value.charAt(0));
        for (int i = 1; good && i < value.length(); i++) {
            char c = value.charAt(i);
            good = isAlphanumeric(c) || "._@:-".indexOf(c) >= 0;
        }
        if (!good) {
            throw new BadQuery(
                    "'"
                            + shown(value)
                            + "' cannot be a name: a name has letters, digits and . _ @ : - and"
                            + " starts with a letter or a digit");
        }
        return value;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Bytes as the text that they most likely are, cut for a message. */
    private static String shown(String bytes) {
        return TerminalSafe.text(new String(bytes.getBytes(ISO_8859_1), UTF_8), MOST_SHOWN);
    }

    /**
     * Decodes {@code %XX} (RFC 3986, section 2.1). A plus sign is a plus sign: only forms use it
     * for a space, and neither can be in a name.
     */
    private static String decode(String text, int begin, int end) throws BadQuery {
        int percent = text.indexOf('%', begin);
        if (percent < 0 || percent >= end) {
            return text.substring(begin, end);
        }
        byte[] bytes = new byte[end - begin];
        int count = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new BadQuery(
                            "in '"
                                    + shown(text.substring(begin, end))
                                    + "' a % is not followed by two hexadecimal digits");
                }
                bytes[count++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[count++] = (byte) c;
            }
        }
        return new String(bytes, 0, count, ISO_8859_1);
    }
}
