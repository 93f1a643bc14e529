package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.TerminalSafe;
import org.procmon.control.client.ConnectionPool;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorApi;
import org.procmon.control.client.UpstreamList;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.http.HeaderField;
import org.procmon.http.HttpAnswer;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessFields;
import org.procmon.status.fields.ProcessRow;
import tools.jackson.core.JsonGenerator;

/** Answers single commands by calls to the monitor. Thread-safe. */
final class QueryCommands implements AutoCloseable {
    /** A word of the monitor's protocol that looks like a process name, but is none. */
    private static final String EVERY_NAME = "all";

    private static final OnBehalf NOBODY = new OnBehalf("", "");

    /** The header field with the reason why output of a process is being lost. */
    private static final String OUTPUT_LOST = "Procmon-Output-Lost";

    private final MonitorCalls monitor;
    private final RequestCoalescer<HttpAnswer> lists =
            new RequestCoalescer<>(() -> askForAll(QueryCommands::list));
    private final RequestCoalescer<HttpAnswer> statuses =
            new RequestCoalescer<>(() -> askForAll(QueryCommands::statusOfAll));

    QueryCommands(MonitorCalls monitor) {
        this.monitor = monitor;
    }

    /**
     * Answers one command.
     *
     * @param time how long to wait for the outcome of a change; zero for not at all
     * @param json whether a change is answered by the process as JSON, and a pool as JSON
     */
    HttpAnswer answer(Query.Command command, Duration time, boolean json, OnBehalf sender) {
        // A query that all users may make is sent once for many of them.
        boolean shared = sender.user().isEmpty();
        return switch (command) {
            case Query.ListAll _ -> shared ? lists.ask() : ask(sender, QueryCommands::list);
            case Query.Status(Optional<String> name) ->
                    name.isPresent()
                            ? ask(sender, m -> asItWasSent(m.statusAsJson(name.get())))
                            : shared ? statuses.ask() : ask(sender, QueryCommands::statusOfAll);
            case Query.Explain explain ->
                    ask(sender, m -> asItWasSent(m.explainAsJson(explain.name())));
            case Query.Pool pool -> ask(sender, m -> pool(m, pool, json));
            case Query.Output output ->
                    ask(sender, m -> bytes(m.output(output.name(), output.part())));
            case Query.Change change -> change(change, time, json, sender);
            case Query.Watch _ -> HttpAnswer.methodNotAllowed("GET");
        };
    }

    /** Ends the calls in progress, and the connections to the monitor. */
    @Override
    public void close() {
        monitor.close();
    }

    private HttpAnswer ask(OnBehalf sender, ConnectionPool.Use<HttpAnswer> question) {
        try {
            return monitor.ask(sender, question);
        } catch (ControlException e) {
            return MonitorErrors.answer(e);
        }
    }

    private HttpAnswer askForAll(ConnectionPool.Use<HttpAnswer> question) {
        try {
            return monitor.askAtOnce(NOBODY, question);
        } catch (ControlException e) {
            return MonitorErrors.answer(e);
        }
    }

    private static HttpAnswer list(MonitorApi monitor) throws ControlException {
        return HttpAnswer.json(UpstreamList.json(monitor.list(List.of())).getBytes(UTF_8));
    }

    private static HttpAnswer statusOfAll(MonitorApi monitor) throws ControlException {
        String processes = monitor.listAsJson(List.of());
        return asItWasSent(Json.joined(processes, monitor.poolsAsJson(List.of())));
    }

    private static HttpAnswer pool(MonitorApi monitor, Query.Pool asked, boolean json)
            throws ControlException {
        boolean isPattern = asked.name().equals(EVERY_NAME);
        List<PoolRow> pools = isPattern ? List.of() : monitor.pools(List.of(asked.name()));
        return pools.isEmpty()
                ? HttpAnswer.notFound("No such pool: " + asked.name())
                : PoolStatusPage.of(pools.getFirst(), asked.full(), asked.json() || json);
    }

    private static HttpAnswer asItWasSent(String json) {
        return json.isEmpty()
                ? HttpAnswer.away("what listens there does not answer like a monitor")
                : HttpAnswer.json(json.getBytes(UTF_8));
    }

    private static HttpAnswer bytes(OutputSlice slice) {
        return HttpAnswer.text(
                slice.bytes(),
                slice.losing().stream()
                        .map(reason -> HeaderField.ofText(OUTPUT_LOST, TerminalSafe.text(reason)))
                        .toList());
    }

    private HttpAnswer change(Query.Change change, Duration time, boolean json, OnBehalf sender) {
        if (change.name().equals(EVERY_NAME)) {
            return MonitorErrors.noSuchProcess(EVERY_NAME);
        }
        List<String> names = List.of(change.name());
        try {
            List<ProcessRow> rows =
                    monitor.change(
                            sender,
                            time,
                            (m, wait) ->
                                    switch (change.verb()) {
                                        case START -> m.start(names, wait);
                                        case STOP -> m.stop(names, wait);
                                        case RESTART -> m.restart(names, wait);
                                    });
            HttpAnswer done =
                    json && rows.size() == 1
                            ? HttpAnswer.json(json(rows.getFirst()))
                            : HttpAnswer.text(text(change, rows));
            return time.isPositive() ? done : done.accepted();
        } catch (MonitorCalls.Unfinished e) {
            return HttpAnswer.text(text(change, List.of())).accepted();
        } catch (MonitorCalls.Crowded e) {
            return HttpAnswer.away(
                    "too many changes are under way for this address; ask again later");
        } catch (ControlException e) {
            return MonitorErrors.answer(e);
        }
    }

    private static String text(Query.Change change, List<ProcessRow> rows) {
        StringBuilder text = new StringBuilder();
        if (change.verb() == Query.Verb.RESTART) {
            text.append("restarting ").append(change.name()).append('\n');
        }
        for (ProcessRow row : rows) {
            row.warning().ifPresent(w -> text.append(TerminalSafe.text(w)).append('\n'));
        }
        return text.toString();
    }

    private static byte[] json(ProcessRow row) {
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            ProcessFields.TABLE.write(json, row);
        }
        return buffer.text().getBytes(UTF_8);
    }
}
