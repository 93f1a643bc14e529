package org.procmon.front.application;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.procmon.bytes.TerminalSafe;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.RequestRejectedException;
import org.procmon.fastcgi.client.Role;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.FastCgiTimeoutException;
import org.procmon.front.request.Answers;
import org.procmon.front.request.CgiVariables;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.RequestBody;
import org.procmon.front.request.RequestGate;
import org.procmon.front.request.Script;
import org.procmon.front.request.Substitutes;
import org.procmon.front.request.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes requests on to FastCGI applications. A request that no worker has begun to answer goes to
 * another one, if it may be repeated.
 */
public final class FastCgiTarget implements Target {
    private static final Logger LOG = LoggerFactory.getLogger("front");

    /** How often a request is given to the same socket, whose workers have died with it. */
    private static final int MOST_TRIES = 3;

    private static final int MOST_SHOWN = 500;

    private final ScriptFinder scripts;
    private final FastCgiClient client;
    private final ClientWatch clients;
    private final boolean strip;
    private final long bodyLimit;
    private final Substitutes substitutes;

    /**
     * @param clients notices those that leave
     * @param strip whether applications see paths without the prefix
     * @param bodyLimit the longest body of a request, in bytes
     * @param substitutes what applications may have sent in place of their own body
     */
    public FastCgiTarget(
            ScriptFinder scripts,
            FastCgiClient client,
            ClientWatch clients,
            boolean strip,
            long bodyLimit,
            Substitutes substitutes) {
        this.scripts = scripts;
        this.client = client;
        this.clients = clients;
        this.strip = strip;
        this.bodyLimit = bodyLimit;
        this.substitutes = substitutes;
    }

    @Override
    public boolean handle(Exchange exchange) throws IOException {
        Optional<ScriptFinder.Found> found = scripts.find(exchange);
        if (found.isEmpty()) {
            return false;
        }
        RequestBody body;
        try {
            body = RequestBody.of(exchange.request(), bodyLimit);
        } catch (RequestBody.Refused e) {
            Answers.send(exchange.response(), e.code(), e.reason());
            return true;
        }
        Map<String, String> variables =
                CgiVariables.of(exchange, found.get().script(), body.length(), strip);
        ClientRequest request =
                new ClientRequest(
                        Role.RESPONDER, variables, body.content().orElse(null), null, false);
        Optional<Redirection> redirection;
        try (ClientWatch.Watched waiting = clients.watch(exchange.request())) {
            redirection = count(exchange, found.get(), request, waiting);
        }
        if (redirection.isPresent()) {
            redirect(exchange, found.get().script(), redirection.get());
        }
        return true;
    }

    private Optional<Redirection> count(
            Exchange exchange,
            ScriptFinder.Found found,
            ClientRequest request,
            ClientWatch.Watched waiting)
            throws IOException {
        RequestCounts counts = found.members().counts();
        counts.begin();
        boolean isAbandoned = true;
        try {
            Optional<Redirection> redirection = admit(exchange, found, request, waiting);
            isAbandoned = waiting.hasLeft();
            return redirection;
        } catch (FastCgiException e) {
            // The application broke off its answer.
            isAbandoned = waiting.hasLeft();
            throw e;
        } finally {
            counts.end(
                    exchange.response().getStatus(),
                    isAbandoned,
                    System.nanoTime() - exchange.request().getBeginNanoTime());
        }
    }

    private Optional<Redirection> admit(
            Exchange exchange,
            ScriptFinder.Found found,
            ClientRequest request,
            ClientWatch.Watched waiting)
            throws IOException {
        RequestGate gate = found.members().gate();
        RequestGate.Entry entry = gate.enter();
        if (entry != RequestGate.Entry.ADMITTED) {
            Answers.send(exchange.response(), 503, entry.words());
            return Optional.empty();
        }
        try {
            return waiting.hasLeft() ? Optional.empty() : pass(exchange, found, request, waiting);
        } finally {
            gate.leave();
        }
    }

    private Optional<Redirection> pass(
            Exchange exchange,
            ScriptFinder.Found found,
            ClientRequest request,
            ClientWatch.Watched waiting)
            throws IOException {
        Members members = found.members();
        String address = Request.getRemoteAddr(exchange.request());
        List<Members.Member> failed = new ArrayList<>();
        FastCgiException last = new FastCgiException("no worker can be reached");
        for (int tries = 0; tries < Math.max(MOST_TRIES, members.size()); tries++) {
            Optional<Members.Member> member = members.choose(address, exchange.path(), failed);
            if (member.isEmpty()) {
                break;
            }
            if (tries > 0) {
                members.counts().repeat();
            }
            try (FastCgiExchange attempt = new FastCgiExchange(client, member.get())) {
                return attempt.run(request, exchange, tries == 0, waiting);
            } catch (FastCgiExchange.Failed e) {
                last = e.reason();
                if (waiting.hasLeft()) {
                    throw new IOException("the client has left", last);
                }
                if (!e.mayRepeat(exchange.method(), request.body() != null)) {
                    break;
                }
                if (e.isUnreachable() && members.bell().isPresent()) {
                    Optional<FastCgiException> none =
                            ring(members.bell().get(), request, exchange, waiting);
                    if (exchange.response().isCommitted()) {
                        return Optional.empty();
                    }
                    if (none.isPresent()) {
                        last = none.get();
                        break;
                    }
                    continue;
                }
                if (e.isUnreachable() || members.size() > 1) {
                    member.get().failed();
                    failed.add(member.get());
                }
            }
        }
        fail(exchange, found.script(), last);
        return Optional.empty();
    }

    /** The worker is free for others meanwhile. */
    private void redirect(Exchange exchange, Script script, Redirection redirection)
            throws IOException {
        Optional<Substitutes.Failure> failure = redirection.send(exchange, substitutes);
        if (failure.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("path", script.name())
                    .addKeyValue("field", TerminalSafe.text(redirection.text(), MOST_SHOWN))
                    .addKeyValue("reason", failure.get().reason())
                    .log("cannot send what the application names");
            Answers.send(
                    exchange.response(),
                    failure.get().code(),
                    failure.get().code() == HttpStatus.NOT_FOUND_404
                            ? "there is nothing here"
                            : "the application named something that cannot be sent");
        }
    }

    /**
     * Waits until a worker is ready. If the monitor refuses, its answer is sent.
     *
     * @return why none will be ready
     */
    private Optional<FastCgiException> ring(
            Members.Member bell,
            ClientRequest request,
            Exchange exchange,
            ClientWatch.Watched waiting)
            throws IOException {
        ClientRequest question = ClientRequest.of(Role.RESPONDER, request.params());
        try (FastCgiExchange attempt = new FastCgiExchange(client, bell)) {
            Optional<Redirection> _ = attempt.run(question, exchange, false, waiting);
            return Optional.empty();
        } catch (FastCgiExchange.Failed e) {
            boolean isReady =
                    !e.isUnreachable() && !(e.reason() instanceof FastCgiTimeoutException);
            return isReady ? Optional.empty() : Optional.of(e.reason());
        }
    }

    private static void fail(Exchange exchange, Script script, FastCgiException reason)
            throws IOException {
        LOG.atWarn()
                .addKeyValue("path", script.name())
                .addKeyValue("reason", reason.getMessage())
                .log("request failed");
        if (exchange.response().isCommitted()) {
            // The client has to see that the answer is not complete.
            throw reason;
        }
        if (reason instanceof FastCgiTimeoutException) {
            Answers.send(exchange.response(), 504, "the application did not answer in time");
        } else if (reason instanceof RequestRejectedException rejected && rejected.isOverloaded()) {
            Answers.send(exchange.response(), 503, "the application is overloaded");
        } else {
            Answers.send(exchange.response(), 502, "the application failed");
        }
    }

    @Override
    public void close() {
        scripts.close();
    }
}
