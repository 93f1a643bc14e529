package org.procmon.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.procmon.front.application.ApplicationCounts;
import org.procmon.front.request.CgiVariables;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Target;
import org.procmon.http.Handler;
import org.procmon.http.HeaderField;
import org.procmon.http.Request;
import org.procmon.http.Response;
import org.procmon.http.ResponseHeader;

/** Runs a handler that knows no transport: the queries of the monitor. */
final class ControlTarget implements Target {
    /** The query that asks for the counts of this program. */
    private static final String COUNTS = "front";

    private final Handler handler;
    private final ApplicationCounts counts;

    ControlTarget(Handler handler, ApplicationCounts counts) {
        this.handler = handler;
        this.counts = counts;
    }

    @Override
    public boolean handle(Exchange exchange) throws IOException {
        if (COUNTS.equals(exchange.request().getHttpURI().getQuery())
                && exchange.method().equals("GET")) {
            sendCounts(exchange.response());
            return true;
        }
        Map<String, String> variables =
                CgiVariables.basic(exchange, Math.max(0, exchange.request().getLength()));
        variables.put("SCRIPT_NAME", exchange.prefix());
        variables.put("PATH_INFO", exchange.rest());
        variables.put("REQUEST_URI", CgiVariables.uri(exchange));
        JettyResponse response = new JettyResponse(exchange);
        handler.handle(
                new Request(variables, Content.Source.asInputStream(exchange.request())), response);
        if (!response.isStarted()) {
            throw new IllegalStateException("the handler returned without an answer");
        }
        response.end();
        return true;
    }

    private void sendCounts(org.eclipse.jetty.server.Response response) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, ByteBuffer.wrap(counts.json().getBytes(UTF_8)));
    }

    /** The response to one request, as handlers see it. */
    private static final class JettyResponse implements Response {
        private final org.eclipse.jetty.server.Response response;
        private final AtomicReference<@Nullable Runnable> whenGone = new AtomicReference<>();
        private boolean started;
        private @Nullable OutputStream out;
        private volatile boolean gone;

        private JettyResponse(Exchange exchange) {
            this.response = exchange.response();
            exchange.request().addFailureListener(_ -> leave());
        }

        @Override
        public OutputStream start(ResponseHeader head) {
            if (started) {
                throw new IllegalStateException("cannot start a response twice");
            }
            started = true;
            response.setStatus(head.code());
            for (HeaderField field : head.fields()) {
                response.getHeaders().add(field.name(), field.value());
            }
            OutputStream made =
                    org.eclipse.jetty.server.Response.asBufferedOutputStream(
                            response.getRequest(), response);
            out = made;
            return made;
        }

        @Override
        public boolean isStarted() {
            return started;
        }

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public void whenGone(Runnable action) {
            whenGone.set(action);
            if (gone) {
                runOnce();
            }
        }

        private void leave() {
            gone = true;
            runOnce();
        }

        private void runOnce() {
            Runnable action = whenGone.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }

        private void end() throws IOException {
            OutputStream open = out;
            if (open != null) {
                open.close();
            }
        }
    }
}
