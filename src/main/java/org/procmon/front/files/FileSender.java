package org.procmon.front.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.procmon.front.request.Exchange;

/**
 * Sends files: whole, in ranges, or not at all to a client that has them. Fields of the response
 * that are there already are kept, {@code Content-Type} among them.
 */
final class FileSender {
    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private FileSender() {}

    /**
     * Answers with a file.
     *
     * @param name of the file, or its path; the end tells its type
     */
    static void send(Exchange exchange, OpenFile file, String name) throws IOException {
        Response response = exchange.response();
        HttpFields.Mutable head = response.getHeaders();
        Conditions conditions =
                new Conditions(exchange.request().getHeaders(), file.tag(), file.modified());
        head.put(HttpHeader.ETAG, file.tag());
        head.put(HttpHeader.LAST_MODIFIED, DateGenerator.formatDate(file.modified()));
        boolean isConditional = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        switch (isConditional ? conditions.outcome() : Conditions.Outcome.SEND) {
            case NOT_MODIFIED -> {
                head.remove(HttpHeader.CONTENT_TYPE);
                head.remove(HttpHeader.CONTENT_ENCODING);
                end(response, HttpStatus.NOT_MODIFIED_304);
            }
            case FAILED -> {
                head.clear();
                head.put(HttpHeader.CONTENT_LENGTH, 0);
                end(response, HttpStatus.PRECONDITION_FAILED_412);
            }
            case SEND -> {
                if (!head.contains(HttpHeader.CONTENT_TYPE)) {
                    head.put(HttpHeader.CONTENT_TYPE, type(name));
                }
                head.put(HttpHeader.ACCEPT_RANGES, "bytes");
                body(exchange, file, conditions);
            }
        }
    }

    static String type(String name) {
        String type = MimeTypes.DEFAULTS.getMimeByExtension(name);
        return type == null ? UNKNOWN_TYPE : type;
    }

    private static void end(Response response, int code) throws IOException {
        response.setStatus(code);
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }

    private static void body(Exchange exchange, OpenFile file, Conditions conditions)
            throws IOException {
        Response response = exchange.response();
        boolean isWhole = !exchange.method().equals("GET") || !conditions.isSameForRange();
        Optional<List<ByteSpan>> spans =
                isWhole
                        ? Optional.empty()
                        : ByteSpan.wanted(exchange.request().getHeaders(), file.size());
        HttpFields.Mutable head = response.getHeaders();
        if (spans.isEmpty()) {
            head.put(HttpHeader.CONTENT_LENGTH, file.size());
            response.setStatus(HttpStatus.OK_200);
            file.send(response, 0, exchange.method().equals("HEAD") ? 0 : file.size(), true);
        } else if (spans.get().isEmpty()) {
            head.clear();
            head.put(HttpHeader.CONTENT_RANGE, "bytes */" + file.size());
            head.put(HttpHeader.CONTENT_LENGTH, 0);
            end(response, HttpStatus.RANGE_NOT_SATISFIABLE_416);
        } else if (spans.get().size() == 1) {
            ByteSpan span = spans.get().getFirst();
            head.put(HttpHeader.CONTENT_RANGE, span.text(file.size()));
            head.put(HttpHeader.CONTENT_LENGTH, span.length());
            response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
            file.send(response, span.first(), span.length(), true);
        } else {
            several(response, file, spans.get());
        }
    }

    /** Source: RFC 9110, section 14.6. */
    private static void several(Response response, OpenFile file, List<ByteSpan> spans)
            throws IOException {
        HttpFields.Mutable head = response.getHeaders();
        String boundary = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        List<byte[]> heads = new ArrayList<>();
        byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(ISO_8859_1);
        long length = end.length;
        for (ByteSpan span : spans) {
            byte[] one =
                    "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                            .formatted(
                                    boundary,
                                    head.get(HttpHeader.CONTENT_TYPE),
                                    span.text(file.size()))
                            .getBytes(ISO_8859_1);
            heads.add(one);
            length += one.length + span.length();
        }
        head.put(HttpHeader.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
        head.put(HttpHeader.CONTENT_LENGTH, length);
        response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
        for (int i = 0; i < spans.size(); i++) {
            Content.Sink.write(response, false, ByteBuffer.wrap(heads.get(i)));
            file.send(response, spans.get(i).first(), spans.get(i).length(), false);
        }
        Content.Sink.write(response, true, ByteBuffer.wrap(end));
    }
}
