package org.procmon.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.procmon.http.HttpAnswer;
import org.procmon.http.Request;

/**
 * The body of a POST. A web server that streams a body does not know its length, and sends -1 or
 * nothing; then the body ends with its stream.
 */
final class PostBody {
    /** How many bytes are read at a time. */
    private static final int PIECE = 4096;

    /** More digits than any int; no web server sends leading zeros. */
    private static final int MOST_DIGITS = 9;

    /** The body does not match the request, or is too long. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        private final transient HttpAnswer httpAnswer;

        private Unfit(HttpAnswer httpAnswer) {
            super("unfit");
            this.httpAnswer = httpAnswer;
        }

        /** The answer for the sender. */
        HttpAnswer answer() {
            return httpAnswer;
        }
    }

    private PostBody() {}

    /**
     * Reads all of it.
     *
     * @param limit the longest body, in bytes
     * @param holding counts the bytes
     * @return one char for each byte
     */
    static String read(Request request, int limit, Holding holding) throws IOException, Unfit {
        String length = request.variable("CONTENT_LENGTH");
        String declared = length.equals("-1") ? "" : length;
        for (int i = 0; i < declared.length(); i++) {
            if (declared.charAt(i) < '0' || declared.charAt(i) > '9') {
                throw new Unfit(
                        HttpAnswer.badRequest(
                                "cannot read the body: its Content-Length is not a number"));
            }
        }
        if (declared.length() > MOST_DIGITS
                || (!declared.isEmpty() && Integer.parseInt(declared) > limit)) {
            throw new Unfit(tooLong(limit));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[Math.min(limit + 1, PIECE)];
        int count = request.body().read(piece);
        while (count >= 0) {
            // The bytes, the same again to grow into, and their text.
            if (!holding.take(3L * count)) {
                throw new Unfit(HttpAnswer.away(ProcsHandler.CROWDED));
            }
            body.write(piece, 0, count);
            if (body.size() > limit) {
                throw new Unfit(tooLong(limit));
            }
            count = request.body().read(piece);
        }
        if (!declared.isEmpty() && Integer.parseInt(declared) != body.size()) {
            throw new Unfit(
                    HttpAnswer.badRequest(
                            "cannot read the body: it has "
                                    + body.size()
                                    + " bytes, but its Content-Length is "
                                    + declared));
        }
        return body.toString(ISO_8859_1);
    }

    private static HttpAnswer tooLong(int limit) {
        return HttpAnswer.tooLong(
                "cannot take a body of more than " + limit + " bytes (fcgi_proc --limit)");
    }
}
