package org.procmon.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests of HTTP/1.1, one after the other, some of which no server may accept. */
final class HttpStream {
    /** What would be smuggled if a body were not read as one. */
    static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

    private static final String[] AMBIGUOUS = {
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding : chunked",
        "Content-Length : 5",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "X: y\r\n Content-Length: 5",
        "X: y\nContent-Length: 5",
        "X: y\rContent-Length: 5",
        "X: y\0z",
        "Host: other"
    };

    private static final String[] BROKEN_CHUNKS = {
        "5\nhello\r\n",
        "5\r\nhello!\r\n",
        "5 \r\nhello\r\n",
        "0x5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "ffffffffffffffff5\r\nhello\r\n",
        "\r\n",
        "5\r\nhello5\r\nhello\r\n",
        "5;\nx\r\nhello\r\n",
        "zz\r\n"
    };

    private final Random random;
    private final StringBuilder sent = new StringBuilder();
    private final List<String> good = new ArrayList<>();
    private boolean isBroken;

    HttpStream(Random random) {
        this.random = random;
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            if (random.nextInt(6) == 0) {
                ambiguous();
            } else {
                request(i);
            }
        }
    }

    /** What is sent; a char per byte. */
    String sent() {
        return sent.toString();
    }

    /** Method, path and body of the requests that have to be answered. */
    List<String> good() {
        return good;
    }

    /** Whether one of them must be refused, and all after it. */
    boolean isBroken() {
        return isBroken;
    }

    private String body() {
        StringBuilder body = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            body.append(random.nextInt(3) == 0 ? HIDDEN : "x".repeat(random.nextInt(60)));
        }
        return body.toString();
    }

    private void request(int number) {
        boolean hasBody = random.nextInt(3) > 0;
        String method = hasBody ? "POST" : "GET";
        String body = hasBody ? body() : "";
        String path = "/" + number + (random.nextBoolean() ? "" : "?q=%41&/../");
        boolean isAbsolute = random.nextInt(8) == 0;
        if (random.nextInt(8) == 0) {
            sent.append("\r\n");
        }
        sent.append(method).append(isAbsolute ? " http://x" : " ").append(path);
        sent.append(" HTTP/1.1\r\n").append(random.nextBoolean() ? "Host: x\r\n" : "hOST:x  \r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            sent.append("X-")
                    .append(i)
                    .append(": ")
                    .append("\u00e9\t;\"".repeat(random.nextInt(9)));
            sent.append("\r\n");
        }
        if (hasBody && random.nextBoolean()) {
            sent.append("Transfer-Encoding: chunked\r\n\r\n");
            chunks(body);
        } else {
            if (hasBody || random.nextInt(4) == 0) {
                sent.append("Content-Length: ").append(body.length()).append("\r\n");
            }
            sent.append("\r\n").append(body);
        }
        if (!isBroken) {
            good.add(method + " " + path + " " + body);
        }
    }

    private void chunks(String body) {
        int at = 0;
        while (at < body.length()) {
            int length = 1 + random.nextInt(body.length() - at);
            String size = Integer.toHexString(length);
            sent.append(
                    random.nextBoolean() ? size : "000" + size.toUpperCase(java.util.Locale.ROOT));
            sent.append(random.nextInt(4) == 0 ? ";a=\"b\"" : "").append("\r\n");
            sent.append(body, at, at + length).append("\r\n");
            at += length;
        }
        sent.append("0\r\n").append(random.nextInt(4) == 0 ? "X: y\r\n" : "").append("\r\n");
    }

    private void ambiguous() {
        isBroken = true;
        sent.append("POST /ambiguous HTTP/1.1\r\nHost: x\r\n");
        if (random.nextInt(3) == 0) {
            sent.append("Transfer-Encoding: chunked\r\n\r\n");
            sent.append(random.nextBoolean() ? "5\r\nhello\r\n" : "");
            sent.append(BROKEN_CHUNKS[random.nextInt(BROKEN_CHUNKS.length)]).append("0\r\n\r\n");
        } else {
            sent.append(AMBIGUOUS[random.nextInt(AMBIGUOUS.length)]).append("\r\n\r\n");
            sent.append(random.nextBoolean() ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
        }
        sent.append(HIDDEN);
    }

    /** The same with some bytes changed, added or left out. */
    String mutated() {
        StringBuilder bytes = new StringBuilder(sent);
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length() > 1; i--) {
            int at = random.nextInt(bytes.length());
            char one = "\r\n\0 :;,\t0aG/%\u00ff\u007f".charAt(random.nextInt(15));
            switch (random.nextInt(4)) {
                case 0 -> bytes.setCharAt(at, one);
                case 1 -> bytes.insert(at, one);
                case 2 -> bytes.deleteCharAt(at);
                default -> bytes.setLength(at);
            }
        }
        return bytes.toString();
    }
}
