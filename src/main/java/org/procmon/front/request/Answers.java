package org.procmon.front.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/** Answers of the front itself, as a line of text. */
public final class Answers {
    private Answers() {}

    /**
     * Sends an answer; does nothing if another one was begun.
     *
     * @param reason for people, without a full stop
     * @param more fields, besides the usual ones
     */
    public static void send(Response response, int code, String reason, HttpField... more)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.reset();
        ByteBuffer text = begin(response, code, reason);
        for (HttpField field : more) {
            response.getHeaders().add(field);
        }
        Content.Sink.write(response, true, text);
    }

    /**
     * Sets status and header of an answer.
     *
     * @return its body
     */
    public static ByteBuffer begin(Response response, int code, String reason) {
        response.setStatus(code);
        var headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (code == HttpStatus.SERVICE_UNAVAILABLE_503) {
            headers.put(HttpHeader.RETRY_AFTER, "1");
        }
        byte[] text =
                (code + " " + HttpStatus.getMessage(code) + ": " + reason + "\n").getBytes(UTF_8);
        headers.put(HttpHeader.CONTENT_LENGTH, text.length);
        boolean isHead = response.getRequest().getMethod().equals("HEAD");
        return isHead ? ByteBuffer.allocate(0) : ByteBuffer.wrap(text);
    }
}
