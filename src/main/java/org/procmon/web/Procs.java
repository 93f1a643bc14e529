package org.procmon.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.UpstreamList;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.Plain;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.RowCodec;
import org.procmon.control.protocol.Wait;
import org.procmon.fastcgi.Handler;
import org.procmon.fastcgi.Request;
import org.procmon.fastcgi.Response;
import tools.jackson.core.JsonGenerator;

/**
 * Answers HTTP requests by asking the monitor. Called on the responder's virtual threads, many at a
 * time.
 *
 * <p>Several commands are carried out in order, up to the first that fails, whose error is then the
 * whole answer. If all go well their bodies follow one another. The type is that of the bodies if
 * they have one type in common, not counting empty ones; else it is plain text.
 */
final class Procs implements Handler, AutoCloseable {
    /** A word of the monitor's language that is no process, although it looks like one. */
    private static final String EVERY_NAME = "all";

    private static final OnBehalf NOBODY = new OnBehalf("", "");

    private final Connections monitor;
    private final Streams streams;
    private final Guard guard;
    private final Rounds<Answer> lists = new Rounds<>(() -> list(NOBODY));
    private final int bodyLimit;
    private final Wait untilDone;
    private final String self;

    /**
     * @param socket where the monitor is, asked for each time that a connection is made
     * @param guard what keeps other places' web pages out
     * @param self the name under which the monitor runs this program or its web server; empty if it
     *     does not. Waiting for one's own end would put it off.
     * @param bodyLimit the longest POST body, in bytes
     * @param patience how long the monitor waits for the outcome of a change
     * @param limit how long any call may take, longer than the patience
     */
    Procs(
            Supplier<Path> socket,
            Guard guard,
            String self,
            int bodyLimit,
            Duration patience,
            Duration limit) {
        this.monitor = new Connections(socket, limit);
        this.streams = new Streams(socket, limit);
        this.guard = guard;
        this.self = self;
        this.bodyLimit = bodyLimit;
        this.untilDone = Wait.atMost(patience);
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        String method = request.params().getOrDefault("REQUEST_METHOD", "");
        String query = request.params().getOrDefault("QUERY_STRING", "");
        if (method.equals("GET")
                && query.startsWith("events")
                && Query.parse(query).map(q -> q.commands().getFirst()).orElse(null)
                        instanceof Query.Watch watch) {
            stream(watch, request, response);
            return;
        }
        Answer answer =
                switch (method) {
                    case "GET" -> answer(request.params(), query, true);
                    case "HEAD" -> answer(request.params(), query, false);
                    case "POST" -> post(request, query);
                    default -> Answer.methodNotAllowed("GET, HEAD, POST");
                };
        answer.send(response, !method.equals("HEAD"));
    }

    /** Ends what would not end by itself: streams of events. No more of them are begun. */
    void endStreams() {
        streams.close();
    }

    /** Ends the calls that are under way, and the connections to the monitor. */
    @Override
    public void close() {
        streams.close();
        monitor.close();
    }

    private void stream(Query.Watch watch, Request request, Response response) throws IOException {
        Optional<String> refusal = guard.refusalToTell(request.params());
        if (refusal.isPresent()) {
            Answer.refused(refusal.get()).send(response, true);
            return;
        }
        OnBehalf whom = whom(request.params());
        Optional<Answer> failed = streams.send(watch, whom, request, response);
        if (failed.isPresent()) {
            failed.get().send(response, true);
        }
    }

    /** As the web server has authenticated the sender, and where it came from. */
    private static OnBehalf whom(Map<String, String> params) {
        return new OnBehalf(
                text(params.getOrDefault("REMOTE_USER", "")),
                text(params.getOrDefault("REMOTE_ADDR", "")));
    }

    /** CGI variables come as one char for each byte. */
    private static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    /** A body is read as a query is; without one, the query itself counts. */
    private Answer post(Request request, String query) throws IOException {
        String declared = request.params().getOrDefault("CONTENT_LENGTH", "");
        for (int i = 0; i < declared.length(); i++) {
            if (declared.charAt(i) < '0' || declared.charAt(i) > '9') {
                return Answer.badRequest();
            }
        }
        // Longer than any int; leading zeros are nothing that a web server sends.
        if (declared.length() > 9
                || (!declared.isEmpty() && Integer.parseInt(declared) > bodyLimit)) {
            return Answer.tooLong();
        }
        byte[] body = request.input().readNBytes(bodyLimit + 1);
        if (body.length > bodyLimit) {
            return Answer.tooLong();
        }
        if (!declared.isEmpty() && Integer.parseInt(declared) != body.length) {
            return Answer.badRequest();
        }
        return answer(
                request.params(), body.length == 0 ? query : new String(body, ISO_8859_1), true);
    }

    private Answer answer(Map<String, String> params, String text, boolean mayChange) {
        Optional<Query> parsed = Query.parse(text);
        if (parsed.isEmpty()) {
            return Answer.badRequest();
        }
        Query query = parsed.get();
        if (query.changes()) {
            if (!mayChange) {
                return Answer.methodNotAllowed("GET, POST");
            }
            Optional<String> refusal = guard.refusal(params);
            if (refusal.isPresent()) {
                return Answer.refused(refusal.get());
            }
        }
        OnBehalf whom = whom(params);
        Answer all = null;
        for (Query.Command command : query.commands()) {
            Answer one =
                    switch (command) {
                        // What everybody may see is asked for once for many.
                        case Query.ListAll _ -> whom.user().isEmpty() ? lists.ask() : list(whom);
                        case Query.Status status -> status(status.name(), whom);
                        case Query.Explain explain -> explain(explain.name(), whom, params);
                        case Query.Output output -> output(output, whom, params);
                        case Query.Change change ->
                                change(change, query.waits() && !endsThis(change), whom, params);
                        case Query.Watch _ -> Answer.methodNotAllowed("GET");
                    };
            if (!one.good()) {
                return one;
            }
            all = all == null ? one : all.then(one);
        }
        if (all == null) {
            return Answer.badRequest();
        }
        boolean waited = query.waits() && query.commands().stream().noneMatch(this::endsThis);
        return query.changes() && !waited ? all.accepted() : all;
    }

    private boolean endsThis(Query.Command command) {
        return command instanceof Query.Change change
                && change.verb() != Query.Verb.START
                && change.name().equals(self);
    }

    private Answer list(OnBehalf whom) {
        return answer(() ->
                monitor.ask(
                        whom,
                        client ->
                                Answer.json(
                                        UpstreamList.json(client.list(List.of()))
                                                .getBytes(UTF_8))));
    }

    private Answer status(Optional<String> name, OnBehalf whom) {
        return answer(() ->
                monitor.ask(
                        whom,
                        client ->
                                Answer.json(
                                        (name.isPresent()
                                                        ? client.statusAsJson(name.get())
                                                        : client.listAsJson(List.of()))
                                                .getBytes(UTF_8))));
    }

    /** It quotes output. */
    private Answer explain(String name, OnBehalf whom, Map<String, String> params) {
        Optional<String> refusal = guard.refusalToShow(params);
        if (refusal.isPresent()) {
            return Answer.refused(refusal.get());
        }
        return answer(() ->
                monitor.ask(
                        whom, client -> Answer.json(client.explainAsJson(name).getBytes(UTF_8))));
    }

    private Answer output(Query.Output output, OnBehalf whom, Map<String, String> params) {
        Optional<String> refusal = guard.refusalToShow(params);
        if (refusal.isPresent()) {
            return Answer.refused(refusal.get());
        }
        return answer(() ->
                monitor.ask(
                        whom,
                        client ->
                                Answer.text(client.output(output.name(), output.part()).bytes())));
    }

    private Answer change(
            Query.Change change, boolean waits, OnBehalf whom, Map<String, String> params) {
        if (change.name().equals(EVERY_NAME)) {
            return Answer.noSuchProcess(EVERY_NAME);
        }
        List<String> names = List.of(change.name());
        Wait wait = waits ? untilDone : Wait.NOT;
        return answer(() -> {
            List<ProcessRow> rows =
                    monitor.change(
                            whom,
                            client ->
                                    switch (change.verb()) {
                                        case START -> client.start(names, wait);
                                        case STOP -> client.stop(names, wait);
                                        case RESTART -> client.restart(names, wait);
                                    });
            if (wantsJson(params.get("HTTP_ACCEPT")) && rows.size() == 1) {
                return Answer.json(json(rows.getFirst()));
            }
            StringBuilder text = new StringBuilder();
            if (change.verb() == Query.Verb.RESTART) {
                text.append("restarting ").append(change.name()).append('\n');
            }
            for (ProcessRow row : rows) {
                row.warning().ifPresent(w -> text.append(Plain.text(w)).append('\n'));
            }
            return Answer.text(text.toString());
        });
    }

    private static byte[] json(ProcessRow row) {
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            RowCodec.write(json, row);
        }
        return buffer.text().getBytes(UTF_8);
    }

    /** Whether the header {@code Accept} names JSON (RFC 9110, section 12.5.1). */
    private static boolean wantsJson(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        for (String range : accept.split(",", -1)) {
            int semicolon = range.indexOf(';');
            String type = semicolon < 0 ? range : range.substring(0, semicolon);
            if (type.strip().equalsIgnoreCase("application/json")) {
                return true;
            }
        }
        return false;
    }

    /** What asks the monitor. */
    private interface Asking {
        Answer answer() throws ControlException, Connections.Overdue;
    }

    private static Answer answer(Asking asking) {
        try {
            return asking.answer();
        } catch (ControlException | Connections.Overdue e) {
            return failed(e);
        }
    }

    /** What to answer when the monitor does not do what was asked. */
    static Answer failed(Exception e) {
        return switch (e) {
            case MonitorAway away -> Answer.away(away.reason());
            case CallFailed call -> failed(call);
            case ControlException other -> Answer.failed(other.reason());
            case Connections.Overdue _ -> Answer.timedOut("the monitor did not answer in time");
            default -> throw new IllegalArgumentException("nothing the monitor does", e);
        };
    }

    private static Answer failed(CallFailed e) {
        return switch (e.error()) {
            case NO_SUCH_PROCESS -> Answer.noSuchProcess(e.name());
            case NO_OUTPUT -> Answer.notFound(e.reason());
            case INVALID_NAME, TOO_LARGE -> Answer.badRequest(e.reason());
            case NOT_PERMITTED -> Answer.refused(e.reason());
            case TIMED_OUT -> Answer.timedOut(e.reason());
            case SHUTTING_DOWN, BUSY -> Answer.away(e.reason());
            case FAILED,
                    CONFIGURATION_INVALID,
                    INTERFACE_NOT_FOUND,
                    METHOD_NOT_FOUND,
                    INVALID_PARAMETER,
                    EXPECTED_MORE,
                    UNKNOWN ->
                    Answer.failed(e.reason());
        };
    }
}
