package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.List;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.TerminalSafe;
import org.procmon.fastcgi.RequestRefused;

/**
 * An HTTP answer that can be sent any number of times, from any thread.
 *
 * <p>No part of it may be stored, and a browser must not guess its type.
 */
final class HttpAnswer {
    static final String JSON = "application/json; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    /** The header with the reason why output of a process is being lost. */
    private static final String LOSING = "Procmon-Output-Lost: ";

    private static final byte[] NOTHING = {};

    private final String status;
    private final String type;
    private final byte[] head;
    private final byte[] body;

    /**
     * @param status code and words, as in {@code 200 OK}
     * @param header further header lines, the last without its line end, or nothing
     */
    private HttpAnswer(String status, String type, String header, byte[] body) {
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

    static HttpAnswer json(byte[] body) {
        return new HttpAnswer("200 OK", JSON, "", body);
    }

    static HttpAnswer text(String body) {
        return new HttpAnswer("200 OK", TEXT, "", body.getBytes(UTF_8));
    }

    /** The bytes unchanged: a client that reads them as text sees the text in them. */
    static HttpAnswer output(OutputSlice piece) {
        String header = piece.losing().map(reason -> LOSING + TerminalSafe.text(reason)).orElse("");
        return new HttpAnswer("200 OK", TEXT, header, piece.bytes());
    }

    /**
     * A page for a person.
     *
     * @param headers lines separated by line ends
     */
    static HttpAnswer page(String status, String headers, byte[] body) {
        return new HttpAnswer(status, HTML, headers, body);
    }

    static HttpAnswer badRequest(String reason) {
        return error(400, "Bad request", reason, "");
    }

    /** For a request that cannot be read from the web server. */
    static HttpAnswer unreadable(RequestRefused requestRefused, String reason) {
        String header = requestRefused == RequestRefused.NO_ROOM ? "Retry-After: 1" : "";
        return error(requestRefused.code(), requestRefused.words(), reason, header);
    }

    static HttpAnswer refused(String reason) {
        return error(403, "Forbidden", reason, "");
    }

    static HttpAnswer noSuchProcess(String name) {
        return notFound("No such process: " + name);
    }

    static HttpAnswer notFound(String reason) {
        return error(404, "Not Found", reason, "");
    }

    /**
     * @param allowed the allowed methods
     */
    static HttpAnswer methodNotAllowed(String allowed) {
        return error(405, "Method Not Allowed", "Method Not Allowed", "Allow: " + allowed);
    }

    /**
     * @param limit the longest accepted body, in bytes
     */
    static HttpAnswer tooLong(int limit) {
        return error(
                413,
                "Invalid Content-Length",
                "cannot take a body of more than " + limit + " bytes (fcgi_proc --limit)",
                "");
    }

    static HttpAnswer failed(String reason) {
        return error(500, "Internal Server Error", reason, "");
    }

    /** The monitor is away, or about to be; a retry makes sense. */
    static HttpAnswer away(String reason) {
        return error(503, "Service Unavailable", reason, "Retry-After: 1");
    }

    static HttpAnswer timedOut(String reason) {
        return error(504, "Gateway Timeout", reason, "");
    }

    private static HttpAnswer error(int code, String words, String description, String header) {
        StringBuilder json = new StringBuilder(64 + description.length());
        json.append("{\"status\": ").append(code).append(", \"description\" : \"");
        escape(description, json);
        json.append("\"}");
        return new HttpAnswer(
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

    /** The same, with the status that the work was started but not waited for. */
    HttpAnswer accepted() {
        return new HttpAnswer("202 Accepted", type, "", body);
    }

    /** The same, with words for a person if it has no body. */
    HttpAnswer orWords(String words) {
        return good() && body.length == 0
                ? new HttpAnswer(status, type, "", words.getBytes(UTF_8))
                : this;
    }

    /** Whether it reports work that was not waited for. */
    boolean isAccepted() {
        return status.startsWith("202");
    }

    /** Successful answers with bodies, joined into one. */
    static HttpAnswer joined(List<HttpAnswer> answers) {
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
        return new HttpAnswer("200 OK", common ? type : TEXT, "", all.toByteArray());
    }

    /** The length of the body, in bytes. */
    int length() {
        return body.length;
    }

    /** Whether the request was executed, or at least started. */
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
