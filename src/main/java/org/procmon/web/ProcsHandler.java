package org.procmon.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.UpstreamList;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.RowCodec;
import org.procmon.control.protocol.TerminalSafe;
import org.procmon.fastcgi.Handler;
import org.procmon.fastcgi.Request;
import org.procmon.fastcgi.RequestRefused;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.fastcgi.Response;
import tools.jackson.core.JsonGenerator;

/**
 * Answers HTTP requests by asking the monitor. Runs on the responder's virtual threads, many at a
 * time.
 *
 * <p>Several commands are executed in order, up to the first that fails, whose error is then the
 * whole answer; {@link JoinedAnswer} defines it if all succeed. The cost of a request is bounded:
 * the number of its commands, its waiting time, and the bytes that it holds, which count for its
 * remote address.
 */
final class ProcsHandler implements Handler, AutoCloseable {
    /** A word of the monitor's protocol that looks like a process name, but is none. */
    private static final String EVERY_NAME = "all";

    private static final OnBehalf NOBODY = new OnBehalf("", "");

    /** What requests may hold: variables, bodies, answers, and events to be sent. */
    private static final long ALL_BYTES = 16L << 20;

    /** The approximate overhead of a CGI variable, and of a request, in bytes. */
    private static final long OVERHEAD = 128;

    /** The output that one request may ask for, in bytes: that of four processes at most. */
    private static final int MOST_OUTPUT = 256 << 10;

    static final String CROWDED =
            "fcgi_proc serves as much for this address as it can; ask again later";

    private final FairShare requests = new FairShare(ResponderLimits.DEFAULT.connections(), 3);
    private final FairShare bytes = new FairShare(ALL_BYTES, 1);
    private final AnswerBytes answers = new AnswerBytes(bytes);
    private final MonitorConnections monitor;
    private final EventStreams eventStreams;
    private final CsrfGuard csrfGuard;
    private final RequestCoalescer<HttpAnswer> lists =
            new RequestCoalescer<>(() -> answer(this::listAtOnce));
    private final RequestCoalescer<HttpAnswer> statuses =
            new RequestCoalescer<>(() -> answer(this::statusAtOnce));
    private final int bodyLimit;
    private final Duration changeTime;
    private final String self;

    /**
     * @param socket the monitor's socket, looked up for each new connection
     * @param csrfGuard keeps other sites' web pages out
     * @param self the name under which the monitor runs this program or its web server; empty if it
     *     does not. Waiting for one's own exit would delay it.
     * @param bodyLimit the longest POST body, in bytes
     * @param changeTime how long the monitor waits for the outcome of a change
     * @param limit how long any call may take, longer than {@code changeTime}
     * @param bugs is notified of the end of a required thread, and of errors after which the
     *     program must exit
     */
    ProcsHandler(
            Supplier<Path> socket,
            CsrfGuard csrfGuard,
            String self,
            int bodyLimit,
            Duration changeTime,
            Duration limit,
            Thread.UncaughtExceptionHandler bugs) {
        this.monitor = new MonitorConnections(socket, limit, bugs);
        this.eventStreams = new EventStreams(socket, limit, bytes, bugs);
        this.csrfGuard = csrfGuard;
        this.self = self;
        this.bodyLimit = bodyLimit;
        this.changeTime = changeTime;
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        OnBehalf sender = sender(request.params());
        if (sender.user().length() > OnBehalf.LONGEST
                || sender.address().length() > OnBehalf.LONGEST) {
            HttpAnswer.badRequest(
                            "cannot use a REMOTE_USER or REMOTE_ADDR of more than "
                                    + OnBehalf.LONGEST
                                    + " characters")
                    .send(response, true);
            return;
        }
        String address = RemoteAddress.key(sender.address());
        if (!requests.take(address, 1)) {
            HttpAnswer.away(CROWDED).send(response, true);
            return;
        }
        try (Holding holding = new Holding(bytes, address)) {
            if (holding.take(cost(request.params()))) {
                handle(request, sender, holding, response);
            } else {
                HttpAnswer.away(CROWDED).send(response, true);
            }
        } finally {
            requests.give(address, 1);
        }
    }

    @Override
    public void refuse(RequestRefused requestRefused, String reason, Response response)
            throws IOException {
        HttpAnswer.unreadable(requestRefused, "cannot read the request: " + reason)
                .send(response, true);
    }

    private static long cost(Map<String, String> params) {
        long cost = OVERHEAD * (params.size() + 1L);
        for (Map.Entry<String, String> param : params.entrySet()) {
            cost += param.getKey().length() + param.getValue().length();
        }
        return cost;
    }

    private void handle(Request request, OnBehalf sender, Holding holding, Response response)
            throws IOException {
        String method = request.params().getOrDefault("REQUEST_METHOD", "");
        String query = request.params().getOrDefault("QUERY_STRING", "");
        HttpAnswer httpAnswer;
        try {
            switch (method) {
                case "GET" -> {
                    Query asked = Query.parse(query);
                    if (asked.commands().getFirst() instanceof Query.Watch watch) {
                        stream(watch, sender, request, response);
                        return;
                    }
                    httpAnswer = answer(asked, request.params(), sender, holding);
                }
                case "HEAD" ->
                        httpAnswer = head(Query.parse(query), request.params(), sender, holding);
                case "POST" -> httpAnswer = post(request, sender, query, holding);
                default -> httpAnswer = HttpAnswer.methodNotAllowed("GET, HEAD, POST");
            }
        } catch (BadQuery e) {
            httpAnswer = HttpAnswer.badRequest(e.reason());
        }
        boolean withBody = !method.equals("HEAD");
        if (!answers.hold(httpAnswer, holding.address())) {
            HttpAnswer.away(CROWDED).send(response, withBody);
            return;
        }
        try {
            httpAnswer.send(response, withBody);
        } finally {
            answers.release(httpAnswer);
        }
    }

    /** Ends the streams of events, which would not end by themselves, and starts no more. */
    void endStreams() {
        eventStreams.close();
    }

    /** Ends the calls in progress, and the connections to the monitor. */
    @Override
    public void close() {
        eventStreams.close();
        monitor.close();
    }

    private void stream(Query.Watch watch, OnBehalf sender, Request request, Response response)
            throws IOException {
        Optional<String> refusal = csrfGuard.refusalToShow(request.params());
        if (refusal.isPresent()) {
            HttpAnswer.refused(refusal.get()).send(response, true);
            return;
        }
        Optional<HttpAnswer> failed = eventStreams.send(watch, sender, request, response);
        if (failed.isPresent()) {
            failed.get().send(response, true);
        }
    }

    /** The sender as the web server authenticated it, and its address. */
    private static OnBehalf sender(Map<String, String> params) {
        return new OnBehalf(
                text(params.getOrDefault("REMOTE_USER", "")),
                text(params.getOrDefault("REMOTE_ADDR", "")));
    }

    /** CGI variables have one char for each byte. */
    private static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    private HttpAnswer head(
            Query query, Map<String, String> params, OnBehalf sender, Holding holding) {
        return query.changes()
                ? HttpAnswer.methodNotAllowed("GET, POST")
                : answer(query, params, sender, holding);
    }

    /** A body is parsed like a query; without one, the query itself counts. */
    private HttpAnswer post(Request request, OnBehalf sender, String query, Holding holding)
            throws IOException, BadQuery {
        try {
            String body = PostBody.read(request, bodyLimit, holding);
            Query asked = Query.parse(body.isEmpty() ? query : body);
            HttpAnswer httpAnswer = answer(asked, request.params(), sender, holding);
            return BrowserSigns.wantsPage(request.params())
                    ? httpAnswer.orWords("done\n")
                    : httpAnswer;
        } catch (PostBody.Unfit e) {
            return e.answer();
        }
    }

    private HttpAnswer answer(
            Query query, Map<String, String> params, OnBehalf sender, Holding holding) {
        if (query.changes()) {
            switch (csrfGuard.change(params)) {
                case CsrfGuard.Decision.Allow _ -> {
                    // A sender that may make the change may also see its result.
                }
                case CsrfGuard.Decision.Refuse(String reason) -> {
                    return HttpAnswer.refused(reason);
                }
                case CsrfGuard.Decision.Confirm(boolean typed) -> {
                    return ConfirmationPage.of(query, typed);
                }
            }
        } else if (query.showsMoreThanTheList()) {
            Optional<String> refusal = csrfGuard.refusalToShow(params);
            if (refusal.isPresent()) {
                return HttpAnswer.refused(refusal.get());
            }
        }
        return carryOut(query, params, sender, holding);
    }

    private HttpAnswer carryOut(
            Query query, Map<String, String> params, OnBehalf sender, Holding holding) {
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
                one = answer(command, query.waits() ? time : Duration.ZERO, params, sender);
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
                return HttpAnswer.away(CROWDED);
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

    private HttpAnswer answer(
            Query.Command command, Duration time, Map<String, String> params, OnBehalf sender) {
        // A query that all users may make is sent once for many of them.
        boolean shared = sender.user().isEmpty();
        return switch (command) {
            case Query.ListAll _ -> shared ? lists.ask() : list(sender);
            case Query.Status status ->
                    shared && status.name().isEmpty()
                            ? statuses.ask()
                            : status(status.name(), sender);
            case Query.Explain explain -> explain(explain.name(), sender);
            case Query.Output output -> output(output, sender);
            case Query.Change change ->
                    change(change, endsThis(change) ? Duration.ZERO : time, sender, params);
            case Query.Watch _ -> HttpAnswer.methodNotAllowed("GET");
        };
    }

    private boolean endsThis(Query.Command command) {
        return command instanceof Query.Change change
                && change.verb() != Query.Verb.START
                && change.name().equals(self);
    }

    private HttpAnswer list(OnBehalf sender) {
        return answer(() -> monitor.ask(sender, ProcsHandler::list));
    }

    private HttpAnswer listAtOnce() throws ControlException, MonitorConnections.Overdue {
        return monitor.askAtOnce(NOBODY, ProcsHandler::list);
    }

    private static HttpAnswer list(ControlClient client) throws ControlException {
        return HttpAnswer.json(UpstreamList.json(client.list(List.of())).getBytes(UTF_8));
    }

    private HttpAnswer status(Optional<String> name, OnBehalf sender) {
        return answer(() -> monitor.ask(sender, client -> status(name, client)));
    }

    private HttpAnswer statusAtOnce() throws ControlException, MonitorConnections.Overdue {
        return monitor.askAtOnce(NOBODY, client -> status(Optional.empty(), client));
    }

    private static HttpAnswer status(Optional<String> name, ControlClient client)
            throws ControlException {
        String json =
                name.isPresent() ? client.statusAsJson(name.get()) : client.listAsJson(List.of());
        return asItWasSent(json);
    }

    private static HttpAnswer asItWasSent(String json) {
        return json.isEmpty()
                ? HttpAnswer.away("what listens there does not answer like a monitor")
                : HttpAnswer.json(json.getBytes(UTF_8));
    }

    private HttpAnswer explain(String name, OnBehalf sender) {
        return answer(() -> monitor.ask(sender, client -> asItWasSent(client.explainAsJson(name))));
    }

    private HttpAnswer output(Query.Output output, OnBehalf sender) {
        return answer(() ->
                monitor.ask(
                        sender,
                        client -> HttpAnswer.output(client.output(output.name(), output.part()))));
    }

    /**
     * @param time how long to wait for the outcome; zero for not at all
     */
    private HttpAnswer change(
            Query.Change change, Duration time, OnBehalf sender, Map<String, String> params) {
        if (change.name().equals(EVERY_NAME)) {
            return HttpAnswer.noSuchProcess(EVERY_NAME);
        }
        List<String> names = List.of(change.name());
        try {
            List<ProcessRow> rows =
                    monitor.change(
                            sender,
                            time,
                            (client, wait) ->
                                    switch (change.verb()) {
                                        case START -> client.start(names, wait);
                                        case STOP -> client.stop(names, wait);
                                        case RESTART -> client.restart(names, wait);
                                    });
            boolean json = wantsJson(params.get("HTTP_ACCEPT")) && rows.size() == 1;
            HttpAnswer done =
                    json
                            ? HttpAnswer.json(json(rows.getFirst()))
                            : HttpAnswer.text(text(change, rows));
            return time.isPositive() ? done : done.accepted();
        } catch (MonitorConnections.Unfinished e) {
            return HttpAnswer.text(text(change, List.of())).accepted();
        } catch (MonitorConnections.Crowded e) {
            return HttpAnswer.away(
                    "too many changes are under way for this address; ask again later");
        } catch (ControlException | MonitorConnections.Overdue e) {
            return failed(e);
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

    /** A call to the monitor. */
    private interface Asking {
        HttpAnswer answer() throws ControlException, MonitorConnections.Overdue;
    }

    private static HttpAnswer answer(Asking asking) {
        try {
            return asking.answer();
        } catch (ControlException | MonitorConnections.Overdue e) {
            return failed(e);
        }
    }

    /** The answer when the monitor refuses or fails. */
    static HttpAnswer failed(Exception e) {
        return switch (e) {
            case MonitorAway away -> HttpAnswer.away(away.reason());
            case CallFailed call -> failed(call);
            case ControlException other -> HttpAnswer.failed(other.reason());
            case MonitorConnections.Overdue _ ->
                    HttpAnswer.timedOut("the monitor did not answer in time");
            default -> throw new IllegalArgumentException("nothing the monitor does", e);
        };
    }

    private static HttpAnswer failed(CallFailed e) {
        return switch (e.error()) {
            case NO_SUCH_PROCESS -> HttpAnswer.noSuchProcess(e.name());
            case NO_OUTPUT -> HttpAnswer.notFound(e.reason());
            case INVALID_NAME, TOO_LARGE -> HttpAnswer.badRequest(e.reason());
            case NOT_PERMITTED -> HttpAnswer.refused(e.reason());
            case TIMED_OUT -> HttpAnswer.timedOut(e.reason());
            case SHUTTING_DOWN, BUSY -> HttpAnswer.away(e.reason());
            case FAILED,
                    HAS_DEPENDENTS,
                    CONFIGURATION_INVALID,
                    INTERFACE_NOT_FOUND,
                    METHOD_NOT_FOUND,
                    INVALID_PARAMETER,
                    EXPECTED_MORE,
                    UNKNOWN ->
                    HttpAnswer.failed(e.reason());
        };
    }
}
