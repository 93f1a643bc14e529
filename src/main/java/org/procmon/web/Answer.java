package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;

/**
 * An HTTP answer, ready to be sent any number of times, from any thread.
 *
 * <p>Nothing in it may be stored, and a browser must not guess at its type.
 */
final class Answer {
    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    private static final byte[] NOTHING = {};

    private final String status;
    private final String type;
    private final byte[] head;
    private final byte[] body;

    /**
     * @param status code and words, as in {@code 200 OK}
     * @param header a further header line without its end, or nothing
     */
    private Answer(String status, String type, String header, byte[] body) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.head =
                ("Status: "
                                + status
                                + "\r\nContent-Type: "
                                + type
                                + "\r\nContent-Length: "
                                + body.length
                                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                                + (header.isEmpty() ? "" : header + "\r\n")
                                + "\r\n")
                        .getBytes(UTF_8);
    }

    static Answer json(byte[] body) {
        return new Answer("200 OK", JSON, "", body);
    }

    static Answer text(String body) {
        return new Answer("200 OK", TEXT, "", body.getBytes(UTF_8));
    }

    /** Bytes as they are: a reader that takes them for text sees what is text. */
    static Answer text(byte... body) {
        return new Answer("200 OK", TEXT, "", body);
    }

    static Answer badRequest() {
        return badRequest("Bad request");
    }

    static Answer badRequest(String reason) {
        return error(400, "Bad request", reason, "");
    }

    static Answer refused(String reason) {
        return error(403, "Forbidden", reason, "");
    }

    static Answer noSuchProcess(String name) {
        return notFound("No such process: " + name);
    }

    static Answer notFound(String reason) {
        return error(404, "Not Found", reason, "");
    }

    /**
     * @param allowed the methods that would do
     */
    static Answer methodNotAllowed(String allowed) {
        return error(405, "Method Not Allowed", "Method Not Allowed", "Allow: " + allowed);
    }

    static Answer tooLong() {
        return error(413, "Invalid Content-Length", "Invalid Content-Length", "");
    }

    static Answer failed(String reason) {
        return error(500, "Internal Server Error", reason, "");
    }

    /** The monitor is away, or is about to be; it is worth to try again. */
    static Answer away(String reason) {
        return error(503, "Service Unavailable", reason, "Retry-After: 1");
    }

    static Answer timedOut(String reason) {
        return error(504, "Gateway Timeout", reason, "");
    }

    private static Answer error(int code, String words, String description, String header) {
        StringBuilder json = new StringBuilder(64 + description.length());
        json.append("{\"status\": ").append(code).append(", \"description\" : \"");
        escape(description, json);
        json.append("\"}");
        return new Answer(
                code + " " + words, "application/json", header, json.toString().getBytes(UTF_8));
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

    /** The same, with the word that its work was begun and not waited for. */
    Answer accepted() {
        return new Answer("202 Accepted", type, "", body);
    }

    /** Both one after the other, in plain text unless both have one type or one is empty. */
    Answer then(Answer next) {
        byte[] both = new byte[body.length + next.body.length];
        System.arraycopy(body, 0, both, 0, body.length);
        System.arraycopy(next.body, 0, both, body.length, next.body.length);
        String common =
                next.body.length == 0 ? type : body.length == 0 ? next.type : commonType(next);
        return new Answer(status, common, "", both);
    }

    private String commonType(Answer next) {
        return type.equals(next.type) ? type : TEXT;
    }

    /** Whether what was asked for was done, or at least begun. */
    boolean good() {
        return status.charAt(0) == '2';
    }

    /**
     * @param withBody false answers HEAD: the same header block, with the length that the body has
     */
    void send(OutputStream out, boolean withBody) throws IOException {
        out.write(head);
        out.write(withBody ? body : NOTHING);
    }
}
