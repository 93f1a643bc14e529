package org.procmon.front;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.request.Answers;
import org.procmon.front.request.RequestGate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where all requests arrive. Each has a thread until it is answered. A limited number is answered
 * at a time, and some further ones wait for their turn.
 */
final class FrontHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("front");

    private final RequestGate gate;
    private final CountDownLatch idleOrHurried = new CountDownLatch(1);
    private volatile Routes routes;

    FrontHandler(Routes routes, FrontLimits limits) {
        super(InvocationType.BLOCKING);
        this.routes = routes;
        this.gate = new RequestGate(limits.requests(), limits.queue(), limits.queueMillis());
    }

    /** Uses other routes for the requests that arrive from now on. */
    Routes replace(Routes next) {
        Routes before = routes;
        routes = next;
        return before;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        RequestGate.Entry entry = gate.enter();
        try {
            if (entry == RequestGate.Entry.ADMITTED) {
                answer(request, response);
            } else {
                Answers.send(response, 503, entry.words());
            }
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
        HttpURI uri = request.getHttpURI();
        String path = uri.getCanonicalPath();
        if (path == null || !path.startsWith("/")) {
            Answers.send(response, 400, "the request has no path");
            return;
        }
        if (!isAnswered(request, response, URIUtil.decodePath(path))) {
            Answers.send(response, 404, "there is nothing here");
        }
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
