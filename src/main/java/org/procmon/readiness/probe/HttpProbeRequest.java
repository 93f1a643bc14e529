package org.procmon.readiness.probe;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A GET request; only the status of the answer matters. It follows a redirect to the same scheme,
 * host and port; a redirect to elsewhere is an answer like any other. Source: RFC 9110, section
 * 15.4; RFC 9112, sections 3 and 4.
 *
 * @param redirects how many redirects led here
 */
record HttpProbeRequest(URI url, int redirects) {
    private static final int MOST_REDIRECTS = 5;
    private static final int USUAL_PORT = 80;
    private static final int USUAL_TLS_PORT = 443;

    HttpProbeRequest(URI url) {
        this(url, 0);
    }

    /** What to do after an answer. */
    sealed interface Next {
        record Judged(ProbeResult verdict) implements Next {}

        /** Send this request to the same server. */
        record Redirected(HttpProbeRequest request) implements Next {}
    }

    int port() {
        return port(url);
    }

    private static int port(URI url) {
        boolean isEncrypted = "https".equalsIgnoreCase(url.getScheme());
        return url.getPort() >= 0 ? url.getPort() : isEncrypted ? USUAL_TLS_PORT : USUAL_PORT;
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

    /** Decides from the status and the location of an answer. */
    Next judge(ResponseHead.Result.Whole answer) {
        int status = answer.status();
        if (status < 200) {
            return new Next.Judged(new ProbeResult.Bad(url + " says only " + status));
        }
        if (status >= 400) {
            return new Next.Judged(new ProbeResult.Bad(url + " says " + status));
        }
        if (!ResponseHead.isRedirect(status) || answer.location().isEmpty()) {
            return new Next.Judged(ProbeResult.WELL);
        }
        return redirected(answer.location().get());
    }

    private Next redirected(String location) {
        URI to;
        try {
            to = url.resolve(location);
        } catch (IllegalArgumentException _) {
            // The location cannot be followed, but the server has answered.
            return new Next.Judged(ProbeResult.WELL);
        }
        if (!isSameServer(to)) {
            return new Next.Judged(ProbeResult.WELL);
        }
        return redirects < MOST_REDIRECTS
                ? new Next.Redirected(new HttpProbeRequest(to, redirects + 1))
                : new Next.Judged(
                        new ProbeResult.Bad(
                                url + " is a redirect, and so were " + MOST_REDIRECTS + " before"));
    }

    private boolean isSameServer(URI to) {
        return to.getHost() != null
                && to.getRawPath() != null
                && url.getScheme().equalsIgnoreCase(to.getScheme())
                && url.getHost().equalsIgnoreCase(to.getHost())
                && port(url) == port(to)
                && to.getUserInfo() == null;
    }

    /** The complaint about an answer in another protocol. */
    ProbeResult foreign() {
        return new ProbeResult.Bad(url + " does not speak HTTP");
    }
}
