package org.procmon.web;

import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.OutputQuery;

/**
 * A parsed query string or POST body.
 *
 * <p>Commands are separated by {@code &}; empty ones are skipped. {@code list} takes any value or
 * none, as it always did; {@code status} takes a name or none, and so does {@code events}, which
 * must be the only command; {@code explain}, {@code start}, {@code stop} and {@code restart} take a
 * name. {@code wait=0} anywhere asks for an answer before the outcome is known, {@code wait=1} is
 * the default. {@code output} takes a name; {@code lines=N} and {@code stream=stdout} or {@code
 * stream=stderr} anywhere, once each, select the part. {@code pool} takes a name; {@code full} and
 * {@code json} beside it select its form, with any value or none. Anything else makes the whole
 * query invalid: no part of it is executed. There are at most {@value #MOST_COMMANDS} commands.
 *
 * @param commands in the order of the query, at least one
 * @param waits whether to wait for the outcome of a change
 */
record Query(List<Command> commands, boolean waits) {
    static final int MOST_COMMANDS = 16;

    Query {
        commands = List.copyOf(commands);
    }

    /** One command. */
    sealed interface Command {}

    /** All processes, with the six keys of the original list. */
    record ListAll() implements Command {}

    /** One process with all fields, or all of them. */
    record Status(Optional<String> name) implements Command {}

    /** Why one process is in its state. */
    record Explain(String name) implements Command {}

    /** The status page of one pool. */
    record Pool(String name, boolean full, boolean json) implements Command {}

    /** The last output of one process. */
    record Output(String name, OutputQuery part) implements Command {}

    /** Events of one process, or of all; it must be the only command. */
    record Watch(Optional<String> name) implements Command {}

    /** Start, stop or restart one process. */
    record Change(Verb verb, String name) implements Command {}

    enum Verb {
        START,
        STOP,
        RESTART
    }

    /** Whether any command changes something. */
    boolean changes() {
        for (Command command : commands) {
            if (command instanceof Change) {
                return true;
            }
        }
        return false;
    }

    /** Whether any command shows what some users may not see. */
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
