package org.procmon.front;

import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.procmon.front.request.Answers;

/** What a client gets that speaks HTTP without TLS where TLS is spoken. */
final class HttpsRedirect {
    private HttpsRedirect() {}

    /**
     * Answers such a request.
     *
     * @return false if it is none, and nothing was sent
     */
    static boolean answers(Request request, Response response) throws IOException {
        var connection = request.getConnectionMetaData();
        boolean isForTls =
                connection.getConnector() instanceof ChannelConnector connector
                        && connector.isForTls();
        if (!isForTls || connection.isSecure()) {
            return false;
        }
        String host = request.getHeaders().get(HttpHeader.HOST);
        boolean isRead = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (host == null || host.isEmpty() || !isRead) {
            // What a body holds has been sent in the clear already.
            Answers.send(response, HttpStatus.BAD_REQUEST_400, "use https here");
            return true;
        }
        response.getHeaders()
                .put(HttpHeader.LOCATION, "https://" + host + request.getHttpURI().getPathQuery());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.setStatus(HttpStatus.PERMANENT_REDIRECT_308);
        return true;
    }
}
