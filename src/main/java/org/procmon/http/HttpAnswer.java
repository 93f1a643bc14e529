package org.procmon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * An HTTP answer that can be sent any number of times, from any thread.
 *
 * <p>No part of it may be stored, and a browser must not guess its type.
 */
public final class HttpAnswer {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final HeaderField NO_STORE = new HeaderField("Cache-Control", "no-store");
    private static final HeaderField NO_SNIFF =
            new HeaderField("X-Content-Type-Options", "nosniff");

    private final ResponseHeader head;
    private final String type;
    private final byte[] body;

    /**
     * @param more further header fields
     */
    private HttpAnswer(int code, String reason, String type, List<HeaderField> more, byte[] body) {
        List<HeaderField> fields = new ArrayList<>(4 + more.size());
        fields.add(new HeaderField("Content-Type", type));
        fields.add(new HeaderField("Content-Length", Integer.toString(body.length)));
        fields.add(NO_STORE);
        fields.add(NO_SNIFF);
        fields.addAll(more);
        this.head = new ResponseHeader(code, reason, fields);
        this.type = type;
        this.body = body;
    }

    public static HttpAnswer json(byte[] body) {
        return ok(JSON, List.of(), body);
    }

    public static HttpAnswer text(String body) {
        return ok(TEXT, List.of(), body.getBytes(UTF_8));
    }

    /**
     * Bytes unchanged: a client that reads them as text sees the text in them.
     *
     * @param more further header fields
     */
    public static HttpAnswer text(byte[] body, List<HeaderField> more) {
        return ok(TEXT, more, body);
    }

    private static HttpAnswer ok(String type, List<HeaderField> more, byte[] body) {
        return new HttpAnswer(200, "OK", type, more, body);
    }

    /**
     * A page for a person.
     *
     * @param more further header fields
     */
    public static HttpAnswer page(int code, String reason, List<HeaderField> more, byte[] body) {
        return new HttpAnswer(code, reason, HTML, more, body);
    }

    public static HttpAnswer badRequest(String reason) {
        return error(400, "Bad request", reason);
    }

    /** For a request that cannot be read. */
    static HttpAnswer unreadable(RequestRefused refused, String reason) {
        return refused == RequestRefused.NO_ROOM
                ? away(reason)
                : error(refused.code(), refused.words(), reason);
    }

    public static HttpAnswer refused(String reason) {
        return error(403, "Forbidden", reason);
    }

    public static HttpAnswer notFound(String reason) {
        return error(404, "Not Found", reason);
    }

    /**
     * For a method that the query does not permit.
     *
     * @param allowed the allowed methods
     */
    public static HttpAnswer methodNotAllowed(String allowed) {
        return error(
                405, "Method Not Allowed", "Method Not Allowed", new HeaderField("Allow", allowed));
    }

    /** The body of the request is longer than permitted. */
    public static HttpAnswer tooLong(String reason) {
        return error(413, "Invalid Content-Length", reason);
    }

    public static HttpAnswer failed(String reason) {
        return error(500, "Internal Server Error", reason);
    }

    /** What the answer needs is away, or about to be; a retry makes sense. */
    public static HttpAnswer away(String reason) {
        return error(503, "Service Unavailable", reason, new HeaderField("Retry-After", "1"));
    }

    public static HttpAnswer timedOut(String reason) {
        return error(504, "Gateway Timeout", reason);
    }

    private static HttpAnswer error(
            int code, String words, String description, HeaderField... more) {
        StringBuilder json = new StringBuilder(64 + description.length());
        json.append("{\"status\": ").append(code).append(", \"description\" : \"");
        escape(description, json);
        json.append("\"}");
        return new HttpAnswer(
                code, words, "application/json", List.of(more), json.toString().getBytes(UTF_8));
    }

    /** RFC 8259, section 7; half a surrogate pair becomes a question mark in UTF-8. */
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    /** The same, with the status that the work was started but not waited for. */
    public HttpAnswer accepted() {
        return new HttpAnswer(202, "Accepted", type, List.of(), body);
    }

    /** The same, with words for a person if it has no body. */
    public HttpAnswer orWords(String words) {
        return good() && body.length == 0
                ? new HttpAnswer(head.code(), head.reason(), type, List.of(), words.getBytes(UTF_8))
                : this;
    }

    /** Whether it reports work that was not waited for. */
    public boolean isAccepted() {
        return head.code() == 202;
    }

    /**
     * Successful answers with bodies as one: those of JSON become the elements of one array, so
     * that they are one document; otherwise their bodies follow one another, as plain text unless
     * all have the same type.
     */
    public static HttpAnswer joined(List<HttpAnswer> answers) {
        String type = answers.getFirst().type;
        boolean common = answers.stream().allMatch(httpAnswer -> httpAnswer.type.equals(type));
        boolean array = common && type.equals(JSON);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String before = array ? "[" : "";
        for (HttpAnswer httpAnswer : answers) {
            all.writeBytes(before.getBytes(UTF_8));
            all.writeBytes(httpAnswer.body);
            before = array ? "," : "";
        }
        all.writeBytes((array ? "]" : "").getBytes(UTF_8));
        return ok(common ? type : TEXT, List.of(), all.toByteArray());
    }

    /** The length of the body, in bytes. */
    public int length() {
        return body.length;
    }

    /** Whether the request was executed, or at least started. */
    public boolean good() {
        return head.code() / 100 == 2;
    }

    /**
     * Sends it as the response.
     *
     * @param withBody false answers HEAD: the same head, with the length that the body has
     */
    public void send(Response response, boolean withBody) throws IOException {
        OutputStream out = response.start(head);
        if (withBody) {
            out.write(body);
        }
    }
}
