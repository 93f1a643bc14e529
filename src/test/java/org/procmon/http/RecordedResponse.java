package org.procmon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/** A response that goes nowhere, and is kept. */
public final class RecordedResponse implements Response {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private ResponseHeader header = new ResponseHeader(100, "not started", java.util.List.of());
    private boolean started;
    private volatile boolean gone;
    private volatile Runnable whenGone = () -> {};

    /** A request without a transport. */
    public static Request request(String method, String query, String content, String... more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("REQUEST_METHOD", method);
        variables.put("QUERY_STRING", query);
        variables.put("HTTP_HOST", "localhost");
        for (int i = 0; i < more.length; i += 2) {
            variables.put(more[i], more[i + 1]);
        }
        return new Request(variables, new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    @Override
    public OutputStream start(ResponseHeader head) {
        if (started) {
            throw new IllegalStateException("started twice");
        }
        started = true;
        header = head;
        return body;
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
        whenGone = action;
    }

    /** Behaves like a client that disconnects. */
    public void leave() {
        gone = true;
        whenGone.run();
    }

    public String status() {
        return header.status();
    }

    /** The value of a header field; empty if there is none. */
    public String field(String name) {
        return header.fields().stream()
                .filter(field -> field.name().equals(name))
                .map(HeaderField::value)
                .findFirst()
                .orElse("");
    }

    public String body() {
        return body.toString(UTF_8);
    }
}
