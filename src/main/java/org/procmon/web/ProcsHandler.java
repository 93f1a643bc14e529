package org.procmon.web;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.procmon.control.client.MonitorApi;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.http.BrowserSigns;
import org.procmon.http.CsrfGuard;
import org.procmon.http.Handler;
import org.procmon.http.HttpAnswer;
import org.procmon.http.RemoteAddress;
import org.procmon.http.Request;
import org.procmon.http.Response;

/**
 * Answers HTTP requests by asking the monitor. Runs on the threads of many requests at a time.
 *
 * <p>The cost of a request is bounded: the number of its commands, its waiting time, and the bytes
 * that it holds, which count for its remote address.
 */
public final class ProcsHandler implements Handler, AutoCloseable {
    /** What requests may hold: variables, bodies, answers, and events to be sent. */
    private static final long ALL_BYTES = 16L << 20;

    /** The approximate overhead of a variable, and of a request, in bytes. */
    private static final long OVERHEAD = 128;

    /** As many as the responder serves connections. */
    private static final int MOST_REQUESTS = 1024;

    static final String CROWDED =
            "fcgi_proc serves as much for this address as it can; ask again later";

    /** Its value is {@code read} for a sender that the web server lets only read. */
    private static final String ROLE = "PROCMON_ROLE";

    private final FairShare requests = new FairShare(MOST_REQUESTS, 3);
    private final FairShare bytes = new FairShare(ALL_BYTES, 1);
    private final AnswerBytes answers = new AnswerBytes(bytes);
    private final QueryCommands commands;
    private final QueryRunner queries;
    private final EventStreams eventStreams;
    private final CsrfGuard csrfGuard;
    private final int bodyLimit;

    /**
     * @param monitor makes a new connection to the monitor
     * @param csrfGuard keeps other sites' web pages out
     * @param self the name under which the monitor runs this program or its web server; empty if it
     *     does not
     * @param bodyLimit the longest POST body, in bytes
     * @param changeTime how long the monitor waits for the outcome of a change
     * @param limit how long any call may take, longer than {@code changeTime}
     * @param bugs is notified of the end of a required thread, and of errors after which the
     *     program must exit
     */
    public ProcsHandler(
            MonitorApi.Connector monitor,
            CsrfGuard csrfGuard,
            String self,
            int bodyLimit,
            Duration changeTime,
            Duration limit,
            Thread.UncaughtExceptionHandler bugs) {
        this.commands = new QueryCommands(new MonitorCalls(monitor, limit, bugs));
        this.queries = new QueryRunner(commands, changeTime, self);
        this.eventStreams = new EventStreams(monitor, limit, bytes, bugs);
        this.csrfGuard = csrfGuard;
        this.bodyLimit = bodyLimit;
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        OnBehalf sender = new OnBehalf(request.remoteUser(), request.remoteAddress());
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
            if (holding.take(cost(request.variables()))) {
                handle(request, sender, holding, response);
            } else {
                HttpAnswer.away(CROWDED).send(response, true);
            }
        } finally {
            requests.give(address, 1);
        }
    }

    private static long cost(Map<String, String> variables) {
        long cost = OVERHEAD * (variables.size() + 1L);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            cost += variable.getKey().length() + variable.getValue().length();
        }
        return cost;
    }

    /** Ends the streams of events, which would not end by themselves, and starts no more. */
    public void endStreams() {
        eventStreams.close();
    }

    /** Ends the calls in progress, and the connections to the monitor. */
    @Override
    public void close() {
        eventStreams.close();
        commands.close();
    }

    private void handle(Request request, OnBehalf sender, Holding holding, Response response)
            throws IOException {
        HttpAnswer httpAnswer;
        try {
            switch (request.method()) {
                case "GET" -> {
                    Query asked = Query.parse(request.query());
                    if (asked.commands().getFirst() instanceof Query.Watch watch) {
                        stream(watch, sender, request, response);
                        return;
                    }
                    httpAnswer = answer(asked, request, sender, holding);
                }
                case "HEAD" -> httpAnswer = head(request, sender, holding);
                case "POST" -> httpAnswer = post(request, sender, holding);
                default -> httpAnswer = HttpAnswer.methodNotAllowed("GET, HEAD, POST");
            }
        } catch (BadQuery e) {
            httpAnswer = HttpAnswer.badRequest(e.reason());
        }
        send(httpAnswer, !request.method().equals("HEAD"), holding.address(), response);
    }

    private void send(HttpAnswer httpAnswer, boolean withBody, String address, Response response)
            throws IOException {
        if (!answers.hold(httpAnswer, address)) {
            HttpAnswer.away(CROWDED).send(response, withBody);
            return;
        }
        try {
            httpAnswer.send(response, withBody);
        } finally {
            answers.release(httpAnswer);
        }
    }

    private void stream(Query.Watch watch, OnBehalf sender, Request request, Response response)
            throws IOException {
        Optional<String> refusal = csrfGuard.refusalToShow(request.variables());
        if (refusal.isPresent()) {
            HttpAnswer.refused(refusal.get()).send(response, true);
            return;
        }
        Optional<HttpAnswer> failed = eventStreams.send(watch, sender, request, response);
        if (failed.isPresent()) {
            failed.get().send(response, true);
        }
    }

    private HttpAnswer head(Request request, OnBehalf sender, Holding holding) throws BadQuery {
        Query query = Query.parse(request.query());
        return query.changes()
                ? HttpAnswer.methodNotAllowed("GET, POST")
                : answer(query, request, sender, holding);
    }

    /** A body is parsed like a query; without one, the query itself counts. */
    private HttpAnswer post(Request request, OnBehalf sender, Holding holding)
            throws IOException, BadQuery {
        try {
            String body = PostBody.read(request, bodyLimit, holding);
            Query query = Query.parse(body.isEmpty() ? request.query() : body);
            HttpAnswer httpAnswer = answer(query, request, sender, holding);
            return BrowserSigns.wantsPage(request.variables())
                    ? httpAnswer.orWords("done\n")
                    : httpAnswer;
        } catch (PostBody.Unfit e) {
            return e.answer();
        }
    }

    private HttpAnswer answer(Query query, Request request, OnBehalf sender, Holding holding) {
        if (query.changes() && request.variable(ROLE).equals("read")) {
            return HttpAnswer.refused("the token may only read");
        }
        if (query.changes()) {
            switch (csrfGuard.change(request.variables())) {
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
            Optional<String> refusal = csrfGuard.refusalToShow(request.variables());
            if (refusal.isPresent()) {
                return HttpAnswer.refused(refusal.get());
            }
        }
        return queries.run(query, wantsJson(request.variable("HTTP_ACCEPT")), sender, holding);
    }

    /** Whether the header {@code Accept} names JSON (RFC 9110, section 12.5.1). */
    private static boolean wantsJson(String accept) {
        for (String range : accept.split(",", -1)) {
            int semicolon = range.indexOf(';');
            String type = semicolon < 0 ? range : range.substring(0, semicolon);
            if (type.strip().equalsIgnoreCase("application/json")) {
                return true;
            }
        }
        return false;
    }
}
