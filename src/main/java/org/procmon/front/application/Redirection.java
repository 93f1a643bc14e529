package org.procmon.front.application;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.ByteText;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Substitutes;
import org.procmon.http.HeaderField;

/**
 * An answer that has something else sent in place of its body: {@code X-Sendfile} as lighttpd and
 * Apache know it, {@code X-Accel-Redirect} as nginx does.
 *
 * @param fields those that name it; only one is right
 * @param kept the other fields of the answer, without those of its body
 */
record Redirection(List<HeaderField> fields, List<HeaderField> kept) {
    private static final String ROUTE = "x-accel-redirect";
    private static final Set<String> NAMES =
            Set.of("x-sendfile", "x-lighttpd-send-file", "x-sendfile2", ROUTE);

    /** The file has its own. */
    private static final Set<String> OF_BODY =
            Set.of(
                    "content-length",
                    "content-encoding",
                    "content-range",
                    "content-md5",
                    "accept-ranges",
                    "etag",
                    "last-modified");

    /** Whether a field is for web servers only. */
    static boolean isForServer(String lowerCaseName) {
        return NAMES.contains(lowerCaseName) || lowerCaseName.startsWith("x-accel-");
    }

    /** Empty if the answer is to be sent as it is. */
    static Optional<Redirection> of(List<HeaderField> answer) {
        List<HeaderField> fields = new ArrayList<>();
        List<HeaderField> kept = new ArrayList<>();
        for (HeaderField field : answer) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (NAMES.contains(name)) {
                fields.add(field);
            } else if (!OF_BODY.contains(name)) {
                kept.add(field);
            }
        }
        return fields.isEmpty() ? Optional.empty() : Optional.of(new Redirection(fields, kept));
    }

    /**
     * Answers; the fields that are kept are in the response already.
     *
     * @return why nothing was sent; empty if it was
     */
    Optional<Substitutes.Failure> send(Exchange exchange, Substitutes substitutes)
            throws IOException {
        HeaderField field = fields.getFirst();
        if (fields.size() > 1) {
            return Optional.of(new Substitutes.Failure(502, "it names several things to send"));
        }
        return switch (field.name().toLowerCase(Locale.ROOT)) {
            case ROUTE -> substitutes.route(exchange, field.value());
            case "x-sendfile2" ->
                    Optional.of(new Substitutes.Failure(502, "X-Sendfile2 is not supported"));
            default ->
                    substitutes.file(exchange, ByteText.decode(field.value().getBytes(ISO_8859_1)));
        };
    }

    /** For the log. */
    String text() {
        HeaderField field = fields.getFirst();
        return field.name() + ": " + field.value();
    }
}
