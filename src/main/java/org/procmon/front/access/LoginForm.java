package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The form that a browser has sent.
 *
 * @param to where to go afterwards: a path on this server
 */
record LoginForm(String user, String password, String to) {
    private static final String LOGOUT = "procmon-logout";
    private static final int LONGEST = 8192;
    private static final String TYPE = "application/x-www-form-urlencoded";

    /** Whether a request sends one. */
    static boolean isSentBy(Request request) {
        return request.getMethod().equals("POST")
                && LoginPage.LOGIN.equals(request.getHttpURI().getQuery());
    }

    /** Whether a request asks for the end of a session. */
    static boolean endsSession(Request request) {
        return request.getMethod().equals("POST")
                && LOGOUT.equals(request.getHttpURI().getQuery())
                && isOfThisSite(request);
    }

    /**
     * Whether no page of another site has sent it, as far as the browser says. Source: W3C Fetch
     * Metadata Request Headers; RFC 6454, section 7.
     */
    static boolean isOfThisSite(Request request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        String host = request.getHeaders().get(HttpHeader.HOST);
        String authority = host == null ? request.getHttpURI().getAuthority() : host;
        return site == null
                ? origin == null || origin.endsWith("://" + authority)
                : site.equals("same-origin");
    }

    /**
     * Reads it.
     *
     * @throws IOException if it is too long, or the client left
     */
    static LoginForm read(Request request) throws IOException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        byte[] body = Content.Source.asInputStream(request).readNBytes(LONGEST + 1);
        Map<String, String> fields = new HashMap<>();
        if (body.length <= LONGEST && type != null && type.startsWith(TYPE)) {
            for (String field : new String(body, UTF_8).split("&", -1)) {
                int equals = field.indexOf('=');
                if (equals > 0) {
                    fields.put(field.substring(0, equals), decoded(field.substring(equals + 1)));
                }
            }
        }
        return new LoginForm(
                fields.getOrDefault("user", ""),
                fields.getOrDefault("password", ""),
                own(fields.getOrDefault("to", "/")));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    /** The path, or the root if it could lead to another server. */
    private static String own(String to) {
        boolean isOwn =
                to.startsWith("/")
                        && !to.startsWith("//")
                        && to.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return isOwn ? to : "/";
    }
}
