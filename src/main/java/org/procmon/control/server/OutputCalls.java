package org.procmon.control.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.protocol.OutputPiece;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Snapshot.MonitorView;
import org.procmon.supervise.Supervisor;

/** Answers {@code ReadOutput}. Runs on the threads of the connections; keeps nothing. */
final class OutputCalls {
    /** How much a reply tells at most, in bytes. */
    static final int LONGEST_PIECE = 64 << 10;

    private final Supervisor supervisor;
    private final OutputSource source;
    private final Duration longestWait;

    OutputCalls(Ports ports, Limits limits) {
        supervisor = ports.supervisor();
        source = ports.output();
        longestWait = limits.longestWait();
    }

    /** The first reply, which is the only one unless the output is followed. */
    Answer first(Call call) {
        OutputQuery query = call.output();
        if (query.follow() && !call.more()) {
            return Answer.Texts.error(ErrorName.EXPECTED_MORE);
        }
        String name = call.names().getFirst();
        Optional<Answer> problem = problem(name);
        if (problem.isPresent()) {
            return problem.get();
        }
        return answer(
                call,
                query.position().isEmpty()
                        ? source.last(
                                name,
                                query.stream(),
                                query.lines().orElse(OutputQuery.USUAL_LINES),
                                LONGEST_PIECE)
                        : source.after(name, query.stream(), query.position(), LONGEST_PIECE));
    }

    /**
     * A further reply to one that follows, from the position of the last one. What was written just
     * now is in it, if it is the last.
     */
    Answer next(Call call, String position, Follower follower) throws InterruptedException {
        String name = call.names().getFirst();
        while (true) {
            boolean goesOn =
                    follower.await(() ->
                            source.await(name, call.output().stream(), position, longestWait));
            Optional<Answer> problem = problem(name);
            if (problem.isPresent()) {
                return problem.get();
            }
            Answer answer =
                    answer(
                            call,
                            source.after(name, call.output().stream(), position, LONGEST_PIECE));
            if (!goesOn && answer instanceof Answer.Output output) {
                return output.asLast();
            }
            if (!(answer instanceof Answer.Output output) || output.tellsSomething()) {
                return answer;
            }
        }
    }

    private Answer answer(Call call, OutputSource.Reading reading) {
        return switch (reading) {
            case OutputSource.Reading.Piece(OutputPiece piece) ->
                    new Answer.Output(
                            piece.losing(losing(call.names().getFirst())), call.output().follow());
            case OutputSource.Reading.NotKept(String reason) ->
                    Answer.Texts.error(
                            ErrorName.NO_OUTPUT, "name", call.names().getFirst(), "reason", reason);
            case OutputSource.Reading.NoPosition() ->
                    Answer.Texts.error(
                            ErrorName.INVALID_PARAMETER,
                            "parameter",
                            Parameter.POSITION.wireName());
        };
    }

    private Optional<String> losing(String name) {
        return source.loss(name).filter(OutputSource.Loss::failing).map(OutputSource.Loss::reason);
    }

    private Optional<Answer> problem(String name) {
        Snapshot snapshot = supervisor.snapshot();
        if (snapshot.process(name).isPresent()) {
            return Optional.empty();
        }
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return Optional.of(
                        Answer.Texts.error(
                                ErrorName.NO_OUTPUT,
                                "name",
                                name,
                                "reason",
                                name + " is a monitor; its own output is not captured"));
            }
        }
        return Optional.of(
                Names.problem(List.of(name))
                        .orElseGet(
                                () -> Answer.Texts.error(ErrorName.NO_SUCH_PROCESS, "name", name)));
    }
}
