package org.procmon.readiness;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A GET, of whose answer only the first line is read. Source: RFC 9112, sections 3 and 4. */
record HttpRequest(URI url) {
    private static final int USUAL_PORT = 80;

    int port() {
        return url.getPort() < 0 ? USUAL_PORT : url.getPort();
    }

    /** A name or an address, without brackets. */
    String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    byte[] bytes() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String request =
                "GET "
                        + path
                        + query
                        + " HTTP/1.1\r\nHost: "
                        + url.getRawAuthority()
                        + "\r\nUser-Agent: procmon\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        return request.getBytes(StandardCharsets.US_ASCII);
    }

    /** What an answer means that begins with this line. */
    Verdict judge(String line) {
        int status = status(line);
        return status >= 200 && status < 400
                ? Verdict.WELL
                : new Verdict.Bad(url + (status < 0 ? " does not speak HTTP" : " says " + status));
    }

    /** The number in {@code HTTP/1.1 200 OK}; -1 if this is no such line. */
    private static int status(String line) {
        boolean good =
                line.length() >= 12
                        && line.startsWith("HTTP/1.")
                        && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9');
        return good ? Integer.parseInt(line.substring(9, 12)) : -1;
    }
}
