package org.procmon.front.application;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.TerminalSafe;
import org.procmon.fastcgi.client.ClientConnection;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.ClientResponse;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.FastCgiTimeoutException;
import org.procmon.front.request.Exchange;
import org.procmon.http.HeaderField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to have a request answered by one worker. For one thread. */
final class FastCgiExchange implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("front");
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MOST_SHOWN = 500;

    /** How long a worker may take to give up a request. */
    private static final long ABORT_NANOS = 1_000_000_000L;

    /** What concerns a connection, not the answer. Source: RFC 9110, section 7.6.1. */
    private static final Set<String> OF_CONNECTION =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /** Methods whose repetition changes nothing. Source: RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

    /** Why the attempt has failed. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        private final FastCgiException reason;
        private final boolean reached;
        private final boolean answered;

        private Failed(FastCgiException reason, boolean reached, boolean answered) {
            super(reason.getMessage(), reason, false, false);
            this.reason = reason;
            this.reached = reached;
            this.answered = answered;
        }

        FastCgiException reason() {
            return reason;
        }

        /** Whether the worker was not even connected to. */
        boolean isUnreachable() {
            return !reached;
        }

        /**
         * Whether another worker may get the request. A slow one would only occupy more of them.
         */
        boolean mayRepeat(String method, boolean hasBody) {
            boolean isSlow = reason instanceof FastCgiTimeoutException;
            return !reached || (!answered && !isSlow && !hasBody && IDEMPOTENT.contains(method));
        }
    }

    private final FastCgiClient client;
    private final Members.Member member;
    private @Nullable ClientConnection connection;

    /** How many requests the connection has served. */
    private int served;

    private boolean isAbandoned;
    private boolean isOver;

    FastCgiExchange(FastCgiClient client, Members.Member member) {
        this.client = client;
        this.member = member;
        member.begin();
    }

    /**
     * Sends a request and passes its answer on.
     *
     * @param mayReuse whether a kept connection may be used, whose worker may be gone
     * @param waiting the client: when it leaves, the worker is asked to give up
     * @return what is to be sent in place of the answer; empty if the answer was passed on
     * @throws Failed if the worker did not do as it should
     * @throws IOException if the client is gone
     */
    Optional<Redirection> run(
            ClientRequest request, Exchange exchange, boolean mayReuse, ClientWatch.Watched waiting)
            throws Failed, IOException {
        waiting.whenLeft(this::abandon);
        // A worker may close a kept connection at any moment, so only what may be repeated uses it.
        boolean maySeeEnd = request.body() == null && IDEMPOTENT.contains(exchange.method());
        return passOn(
                send(
                        maySeeEnd && mayReuse ? keptOrNew() : connect(),
                        maySeeEnd ? request.keepingConnection() : request),
                exchange);
    }

    private ClientResponse send(ClientConnection open, ClientRequest request)
            throws Failed, IOException {
        begin(open);
        try {
            return open.send(request);
        } catch (FastCgiException e) {
            throw new Failed(e, true, false);
        }
    }

    private synchronized void begin(ClientConnection open) {
        connection = open;
        if (isAbandoned) {
            open.close();
        }
    }

    /** The client has left: the worker may give up, and its connection is not used again. */
    void abandon() {
        ClientConnection open;
        synchronized (this) {
            if (isOver) {
                // The connection may serve another client by now.
                return;
            }
            isAbandoned = true;
            open = connection;
        }
        if (open != null) {
            open.abort();
            awaitEnd();
            open.close();
        }
    }

    private synchronized void awaitEnd() {
        long end = System.nanoTime() + ABORT_NANOS;
        try {
            for (long left = ABORT_NANOS; !isOver && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Redirection> passOn(ClientResponse response, Exchange exchange)
            throws Failed, IOException {
        Optional<Redirection> redirection = Redirection.of(response.header().fields());
        if (redirection.isPresent()) {
            response.body().close();
            begin(HttpStatus.OK_200, redirection.get().kept(), exchange.response());
        } else {
            begin(response.header().code(), response.header().fields(), exchange.response());
            copy(response.body(), exchange);
        }
        return redirection;
    }

    /**
     * Asks an authorizer.
     *
     * @param permitted the status of an answer that permits the request; any other answer is passed
     *     on
     * @return the variables that it adds; empty if it does not permit the request
     */
    Optional<Map<String, String>> ask(ClientRequest request, Exchange exchange, int permitted)
            throws Failed, IOException {
        ClientResponse response = send(connect(), request);
        if (response.header().code() == permitted) {
            return Optional.of(response.variables());
        }
        if (passOn(response, exchange).isPresent()) {
            String reason = "an authorizer cannot have something else sent";
            throw new Failed(new FastCgiException(reason), true, true);
        }
        return Optional.empty();
    }

    private ClientConnection keptOrNew() throws Failed {
        Optional<IdleConnections.Kept> kept = member.kept().take();
        if (kept.isEmpty() || !kept.get().connection().isReusable()) {
            return connect();
        }
        served = kept.get().requests();
        return kept.get().connection();
    }

    private ClientConnection connect() throws Failed {
        try {
            return Connecting.connect(client, member.address());
        } catch (FastCgiException e) {
            throw new Failed(e, false, false);
        }
    }

    private static void begin(int code, List<HeaderField> answer, Response response) {
        response.setStatus(code);
        HttpFields.Mutable fields = response.getHeaders();
        for (HeaderField field : answer) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!OF_CONNECTION.contains(name) && !Redirection.isForServer(name)) {
                // An application that was redirected to has a type of its own.
                if (name.equals("content-type")) {
                    fields.put(field.name(), field.value());
                } else {
                    fields.add(field.name(), field.value());
                }
            }
        }
    }

    /** What has come is sent at once, unless more has come with it. */
    private static void copy(InputStream body, Exchange exchange) throws Failed, IOException {
        Response response = exchange.response();
        boolean isHead = exchange.method().equals("HEAD");
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        int count = 0;
        while (count >= 0) {
            count = read(body, buffer, filled);
            filled += isHead ? 0 : Math.max(0, count);
            boolean isMoreThere = filled < buffer.length && body.available() > 0;
            if (count >= 0 && filled > 0 && !isMoreThere) {
                Content.Sink.write(response, false, ByteBuffer.wrap(buffer, 0, filled));
                filled = 0;
            }
        }
        Content.Sink.write(response, true, ByteBuffer.wrap(buffer, 0, filled));
    }

    private static int read(InputStream body, byte[] buffer, int filled)
            throws IOException, Failed {
        try {
            return body.read(buffer, filled, buffer.length - filled);
        } catch (FastCgiException e) {
            throw new Failed(e, true, true);
        }
    }

    private static void logErrors(ClientConnection connection) {
        byte[] errors = connection.takeErrors();
        if (errors.length > 0) {
            String text = new String(errors, StandardCharsets.UTF_8).strip();
            LOG.atWarn()
                    .addKeyValue("text", TerminalSafe.text(text, MOST_SHOWN))
                    .log("application wrote to stderr");
        }
    }

    @Override
    public void close() {
        member.end();
        ClientConnection open;
        boolean isUsedUp;
        synchronized (this) {
            open = connection;
            isUsedUp = isAbandoned;
            isOver = true;
            notifyAll();
        }
        if (open != null) {
            logErrors(open);
            if (isUsedUp) {
                open.close();
            } else {
                member.kept().give(open, served + 1);
            }
        }
    }
}
