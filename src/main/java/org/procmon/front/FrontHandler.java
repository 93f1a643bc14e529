package org.procmon.front;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.request.Answers;
import org.procmon.front.request.RequestGate;
import org.procmon.front.request.RequestPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where all requests arrive. Each has a thread until it is answered. A limited number is answered
 * at a time, and some further ones wait for their turn.
 */
final class FrontHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("front");

    /** As Jetty counts versions. */
    private static final int HTTP_2 = 20;

    private final RequestGate gate;
    private final FrontLimits limits;
    private final CountDownLatch idleOrHurried = new CountDownLatch(1);
    private volatile Routes routes;

    FrontHandler(Routes routes, FrontLimits limits) {
        super(InvocationType.BLOCKING);
        this.routes = routes;
        this.gate = new RequestGate(limits.requests(), limits.queue(), limits.queueMillis());
        this.limits = limits;
    }

    /** Uses other routes for the requests that arrive from now on. */
    Routes replace(Routes next) {
        Routes before = routes;
        routes = next;
        return before;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Optional<ClientEndPoint> client = ClientEndPoint.of(request);
        client.ifPresent(ClientEndPoint::headEnded);
        // While an application is quiet, its client has nothing to send or read.
        request.addIdleTimeoutListener(_ -> false);
        RequestGate.Entry entry = gate.enter();
        try {
            if (entry == RequestGate.Entry.ADMITTED) {
                answer(request, response);
            } else {
                Answers.send(response, 503, entry.words());
            }
            client.ifPresent(ClientEndPoint::answered);
            callback.succeeded();
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("client left");
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("request failed");
            fail(request, response, callback, e);
        } finally {
            if (entry == RequestGate.Entry.ADMITTED) {
                gate.leave();
            }
        }
        return true;
    }

    /** Waits until no request is being answered; no longer than that, and not after a hurry. */
    void awaitIdle(Duration most) {
        Thread.ofVirtual()
                .start(() -> {
                    gate.close();
                    idleOrHurried.countDown();
                });
        try {
            boolean _ = idleOrHurried.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void hurry() {
        idleOrHurried.countDown();
    }

    private void answer(Request request, Response response) throws IOException {
        if (HttpsRedirect.answers(request, response)) {
            return;
        }
        Optional<RequestCheck.Fault> fault = RequestCheck.fault(request);
        if (fault.isPresent()) {
            refuse(request, response, fault.get());
            return;
        }
        String raw = request.getHttpURI().getPath();
        if ("*".equals(raw) && request.getMethod().equals("OPTIONS")) {
            response.setStatus(HttpStatus.NO_CONTENT_204);
            return;
        }
        Optional<String> path = raw == null ? Optional.empty() : RequestPath.of(raw);
        if (path.isEmpty()) {
            Answers.send(response, 400, "the request has no path, or one that leads nowhere");
            return;
        }
        PacedRequest paced = new PacedRequest(request, limits.bodyRate(), limits.headMillis());
        if (!isAnswered(paced, response, path.get())) {
            Answers.send(response, 404, "there is nothing here");
        }
    }

    /** Whatever follows on the connection may be part of the request. */
    private static void refuse(Request request, Response response, RequestCheck.Fault fault)
            throws IOException {
        ByteBuffer text = Answers.begin(response, fault.code(), fault.reason());
        if (request.getConnectionMetaData().getHttpVersion().getVersion() < HTTP_2) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Content.Sink.write(response, true, text);
    }

    private boolean isAnswered(Request request, Response response, String path) throws IOException {
        Routes present = routes;
        while (!present.enter()) {
            // They were replaced between these two lines.
            present = routes;
        }
        try {
            return present.handle(request, response, path);
        } finally {
            present.leave();
        }
    }

    private static void fail(
            Request request, Response response, Callback callback, RuntimeException e) {
        if (response.isCommitted()) {
            callback.failed(e);
        } else {
            Response.writeError(request, response, callback, 500);
        }
    }
}
