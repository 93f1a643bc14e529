package org.procmon.fastcgi.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.TerminalSafe;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.http.HeaderField;
import org.procmon.http.ResponseHeader;

/**
 * Parses the header of a CGI response: lines up to an empty one, each ended by LF or CR LF. {@code
 * Status} becomes the status; without it, it is 302 with a {@code Location}, otherwise 200. A
 * status line of HTTP is accepted as the first line. For one thread and one use.
 *
 * <p>Source: RFC 3875, section 6.
 */
final class CgiHeaderParser {
    private static final int MOST_SHOWN = 60;

    private final int maxBytes;
    private final int maxFields;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private final List<HeaderField> fields = new ArrayList<>();
    private @Nullable String status;
    private int total;
    private boolean complete;

    CgiHeaderParser(int maxBytes, int maxFields) {
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
    }

    /**
     * Takes bytes up to the end of the header.
     *
     * @return how many of them belong to it
     */
    int take(byte[] bytes, int length) throws FastCgiException {
        int at = 0;
        while (at < length && !complete) {
            byte next = bytes[at++];
            if (++total > maxBytes) {
                throw new FastCgiException(
                        "the header of the response exceeds " + maxBytes + " bytes");
            }
            if (next == '\n') {
                endLine();
            } else {
                line.write(next);
            }
        }
        return at;
    }

    boolean isComplete() {
        return complete;
    }

    /** The header, once it is complete. */
    ResponseHeader header() throws FastCgiException {
        String given = status;
        if (given == null) {
            boolean redirects =
                    fields.stream().anyMatch(field -> field.name().equalsIgnoreCase("Location"));
            return redirects
                    ? new ResponseHeader(302, "Found", fields)
                    : new ResponseHeader(200, "OK", fields);
        }
        int space = given.indexOf(' ');
        String code = space < 0 ? given : given.substring(0, space);
        if (code.length() != 3
                || !code.chars().allMatch(c -> c >= '0' && c <= '9')
                || code.charAt(0) < '2') {
            throw bad("has no valid status: ", given);
        }
        return new ResponseHeader(
                Integer.parseInt(code), space < 0 ? "" : given.substring(space).strip(), fields);
    }

    private void endLine() throws FastCgiException {
        String text = line.toString(ISO_8859_1);
        line.reset();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.isEmpty()) {
            complete = true;
        } else if (text.startsWith("HTTP/") && status == null && fields.isEmpty()) {
            int space = text.indexOf(' ');
            status = space < 0 ? "" : text.substring(space).strip();
        } else {
            field(text);
        }
    }

    private void field(String text) throws FastCgiException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon);
        if (name.isEmpty() || !name.chars().allMatch(CgiHeaderParser::isOfName)) {
            throw bad("has a line that is no field: ", text);
        }
        String value = text.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw bad("has a control character: ", text);
        }
        if (name.equalsIgnoreCase("Status")) {
            if (status != null) {
                throw bad("has two statuses: ", text);
            }
            status = value;
        } else if (fields.size() == maxFields) {
            throw new FastCgiException(
                    "the header of the response has more than " + maxFields + " fields");
        } else {
            fields.add(new HeaderField(name, value));
        }
    }

    /** RFC 9110, section 5.6.2: a token. */
    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static FastCgiException bad(String what, String text) {
        return new FastCgiException(
                "the header of the response " + what + TerminalSafe.text(text, MOST_SHOWN));
    }
}
