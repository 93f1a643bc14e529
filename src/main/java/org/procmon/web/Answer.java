package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.List;
import org.procmon.control.protocol.OutputPiece;
import org.procmon.control.protocol.Plain;
import org.procmon.fastcgi.Refusal;

/**
 * An HTTP answer, ready to be sent any number of times, from any thread.
 *
 * <p>Nothing in it may be stored, and a browser must not guess at its type.
 */
final class Answer {
    static final String JSON = "application/json; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    /** The header that says why output of a process is being lost. */
    private static final String LOSING = "Procmon-Output-Lost: ";

    private static final byte[] NOTHING = {};

    private final String status;
    private final String type;
    private final byte[] head;
    private final byte[] body;

    /**
     * @param status code and words, as in {@code 200 OK}
     * @param header further header lines without the last one's end, or nothing
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
    static Answer output(OutputPiece piece) {
        String header = piece.losing().map(reason -> LOSING + Plain.text(reason)).orElse("");
        return new Answer("200 OK", TEXT, header, piece.bytes());
    }

    /**
     * A page for a person.
     *
     * @param headers lines between which the line ends are
     */
    static Answer page(String status, String headers, byte[] body) {
        return new Answer(status, HTML, headers, body);
    }

    static Answer badRequest(String reason) {
        return error(400, "Bad request", reason, "");
    }

    /** The web server's side of it cannot be read. */
    static Answer unreadable(Refusal refusal, String reason) {
        String header = refusal == Refusal.NO_ROOM ? "Retry-After: 1" : "";
        return error(refusal.code(), refusal.words(), reason, header);
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

    /**
     * @param limit the longest body that is taken, in bytes
     */
    static Answer tooLong(int limit) {
        return error(
                413,
                "Invalid Content-Length",
                "cannot take a body of more than " + limit + " bytes (fcgi_proc --limit)",
                "");
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

    /** The same, with words for a person if there is nothing else to show. */
    Answer orWords(String words) {
        return good() && body.length == 0
                ? new Answer(status, type, "", words.getBytes(UTF_8))
                : this;
    }

    /** Whether it tells of work that was not waited for. */
    boolean isAccepted() {
        return status.startsWith("202");
    }

    /** Good answers with bodies, as one. */
    static Answer joined(List<Answer> answers) {
        String type = answers.getFirst().type;
        boolean common = answers.stream().allMatch(answer -> answer.type.equals(type));
        boolean array = common && type.equals(JSON);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String before = array ? "[" : "";
        for (Answer answer : answers) {
            all.writeBytes(before.getBytes(UTF_8));
            all.writeBytes(answer.body);
            before = array ? "," : "";
        }
        all.writeBytes((array ? "]" : "").getBytes(UTF_8));
        return new Answer("200 OK", common ? type : TEXT, "", all.toByteArray());
    }

    /** The length of the body, in bytes. */
    int length() {
        return body.length;
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
