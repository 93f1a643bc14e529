package org.procmon.front.request;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The body of a request to an application. It is streamed; only one whose length the client does
 * not say is read first, since a CGI program has to know it.
 *
 * @param length in bytes; -1 if the client does not say that there is a body
 * @param content empty if there is none
 */
public record RequestBody(long length, Optional<InputStream> content) {
    /** The most that is read in advance. */
    static final int MOST_BUFFERED = 1 << 20;

    private static final RequestBody UNSAID = new RequestBody(-1, Optional.empty());
    private static final RequestBody NONE = new RequestBody(0, Optional.empty());

    /** Why a body is not taken. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        private Refused(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        /** The code of the HTTP status. */
        public int code() {
            return code;
        }

        /** For people. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * The body of a request.
     *
     * @param most the longest that is permitted
     */
    public static RequestBody of(Request request, long most) throws IOException, Refused {
        long length = request.getLength();
        if (length > most) {
            throw new Refused(413, "the body is longer than " + most + " bytes");
        }
        if (length > 0) {
            return new RequestBody(length, Optional.of(Content.Source.asInputStream(request)));
        }
        if (length == 0 || !mayHaveBody(request)) {
            return length < 0 ? UNSAID : NONE;
        }
        int limit = (int) Math.min(most, MOST_BUFFERED);
        byte[] all = Content.Source.asInputStream(request).readNBytes(limit + 1);
        if (all.length > limit) {
            throw limit == most
                    ? new Refused(413, "the body is longer than " + most + " bytes")
                    : new Refused(
                            411,
                            "a body of more than "
                                    + MOST_BUFFERED
                                    + " bytes needs a Content-Length");
        }
        return all.length == 0
                ? NONE
                : new RequestBody(all.length, Optional.of(new ByteArrayInputStream(all)));
    }

    private static boolean mayHaveBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getConnectionMetaData().getHttpVersion().getVersion() >= 20;
    }
}
