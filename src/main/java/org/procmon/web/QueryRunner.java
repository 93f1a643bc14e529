package org.procmon.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.http.HttpAnswer;

/**
 * Executes the commands of a query in order, up to the first that fails, whose error is then the
 * whole answer; {@link JoinedAnswer} defines it if all succeed. Thread-safe.
 */
final class QueryRunner {
    /** The output that one request may ask for, in bytes: that of four processes at most. */
    private static final int MOST_OUTPUT = 256 << 10;

    private final QueryCommands runner;
    private final Duration changeTime;
    private final String self;

    /**
     * @param changeTime how long the changes of a query may take together
     * @param self the name under which the monitor runs this program or its web server; empty if it
     *     does not. Waiting for one's own exit would delay it.
     */
    QueryRunner(QueryCommands runner, Duration changeTime, String self) {
        this.runner = runner;
        this.changeTime = changeTime;
        this.self = self;
    }

    /**
     * Executes all of them.
     *
     * @param json whether changes are answered by the process as JSON, and pools as JSON
     * @param holding counts the bytes of the answers
     */
    HttpAnswer run(Query query, boolean json, OnBehalf sender, Holding holding) {
        JoinedAnswer joinedAnswer = new JoinedAnswer();
        Map<Query.Command, HttpAnswer> known = new HashMap<>();
        long start = System.nanoTime();
        int left = query.commands().size();
        long output = 0;
        Duration time = changeTime;
        for (Query.Command command : query.commands()) {
            left--;
            if (!time.isPositive()) {
                return HttpAnswer.timedOut(
                        "not done in time: the commands before took all of "
                                + changeTime.toSeconds()
                                + " seconds");
            }
            HttpAnswer one = known.get(command);
            if (one == null) {
                boolean waits = query.waits() && !endsThis(command);
                one = runner.answer(command, waits ? time : Duration.ZERO, json, sender);
            }
            if (!one.good()) {
                return one;
            }
            time = changeTime.minusNanos(System.nanoTime() - start);
            if (left > 0 && query.waits() && one.isAccepted() && !endsThis(command)) {
                return HttpAnswer.timedOut(
                        "not done in time: too many changes are waited for, and more commands"
                                + " follow");
            }
            if (command instanceof Query.Change) {
                known.clear();
            } else {
                known.put(command, one);
            }
            output += command instanceof Query.Output ? one.length() : 0;
            if (output > MOST_OUTPUT) {
                return HttpAnswer.badRequest(
                        "cannot show more than "
                                + MOST_OUTPUT
                                + " bytes of output for one query; ask for fewer lines, or use"
                                + " several");
            }
            if (query.commands().size() > 1 && !holding.take(2L * one.length())) {
                return HttpAnswer.away(ProcsHandler.CROWDED);
            }
            if (!joinedAnswer.add(one)) {
                return HttpAnswer.badRequest(
                        "cannot answer with more than "
                                + JoinedAnswer.MOST_BYTES
                                + " bytes for several commands; use several queries");
            }
        }
        return joinedAnswer.whole();
    }

    private boolean endsThis(Query.Command command) {
        return command instanceof Query.Change change
                && change.verb() != Query.Verb.START
                && change.name().equals(self);
    }
}
