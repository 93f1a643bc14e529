package org.procmon.front;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** What Jetty permits and the front does not. Source: RFC 9112, section 6.1. */
final class RequestCheck {
    private RequestCheck() {}

    /**
     * Why a request is refused.
     *
     * @param code of the HTTP status
     */
    record Fault(int code, String reason) {}

    /** Empty if nothing is wrong with it. */
    static Optional<Fault> fault(Request request) {
        String method = request.getMethod();
        if (method.equals("TRACE") || method.equals("CONNECT")) {
            return Optional.of(new Fault(501, "the method is not supported"));
        }
        List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return Optional.empty();
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
            // Another server on the way may not have understood it.
            return Optional.of(new Fault(400, "HTTP/1.0 has no Transfer-Encoding"));
        }
        return codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked")
                ? Optional.empty()
                : Optional.of(new Fault(501, "the only Transfer-Encoding here is chunked"));
    }
}
