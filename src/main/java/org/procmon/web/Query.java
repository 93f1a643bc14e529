package org.procmon.web;

import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.OutputQuery;

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

    /** Whether any of it tells what not everybody may know. */
    boolean showsMoreThanTheList() {
        for (Command command : commands) {
            if (!(command instanceof ListAll)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a query.
     *
     * @param text one char per byte, as the web server passes it on
     * @throws BadQuery with what is wrong with it
     */
    static Query parse(String text) throws BadQuery {
        return new QueryParser().parse(text);
    }
}
