package org.procmon.front.access;

import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * The cookie that holds a session. Source: RFC 6265bis, sections 4.1.2 and 4.1.3: with the prefix
 * {@code __Host-}, browsers keep it only if it came over TLS from this very host.
 */
final class SessionCookie {
    private static final String NAME = "procmon-session";
    private static final String SECURE_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** Its value; empty if there is none. */
    static Optional<String> in(Request request) {
        String name = request.isSecure() ? SECURE_NAME : NAME;
        for (HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(name)) {
                return Optional.ofNullable(cookie.getValue());
            }
        }
        return Optional.empty();
    }

    static void set(Request request, Response response, String value, Duration lifetime) {
        response.getHeaders()
                .add(
                        HttpHeader.SET_COOKIE,
                        (request.isSecure() ? SECURE_NAME : NAME)
                                + "="
                                + value
                                + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
                                + lifetime.toSeconds()
                                + (request.isSecure() ? "; Secure" : ""));
    }

    /** The same request without the cookie, for an application, which could use it itself. */
    static Request without(Request request) {
        boolean hasIt = false;
        for (String value : request.getHeaders().getValuesList(HttpHeader.COOKIE)) {
            hasIt |= value.contains(NAME + "=");
        }
        return hasIt ? new Stripped(request) : request;
    }

    /** A request with other cookies. */
    private static final class Stripped extends Request.Wrapper {
        private final HttpFields fields;

        private Stripped(Request request) {
            super(request);
            HttpFields.Mutable own = HttpFields.build();
            for (HttpField field : request.getHeaders()) {
                if (field.getHeader() == HttpHeader.COOKIE) {
                    String rest = rest(String.valueOf(field.getValue()));
                    if (!rest.isEmpty()) {
                        own.add(HttpHeader.COOKIE, rest);
                    }
                } else {
                    own.add(field);
                }
            }
            this.fields = own.asImmutable();
        }

        private static String rest(String cookies) {
            StringBuilder rest = new StringBuilder();
            for (String cookie : cookies.split(";", -1)) {
                String one = cookie.strip();
                if (!one.startsWith(NAME + "=") && !one.startsWith(SECURE_NAME + "=")) {
                    rest.append(rest.isEmpty() ? "" : "; ").append(one);
                }
            }
            return rest.toString();
        }

        @Override
        public HttpFields getHeaders() {
            return fields;
        }
    }
}
