package org.procmon.fastcgi.client;

import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to an application.
 *
 * @param params the CGI variables, one char per byte (ISO 8859-1). The caller leaves out what a
 *     role must not get, such as {@code CONTENT_LENGTH} for an authorizer
 * @param body STDIN; null if it is empty. It is read on another thread, as fast as the application
 *     takes it. A read in progress is not interrupted when the response ends; nothing is read after
 *     it
 * @param data DATA, for a filter; null if it is empty. As {@code body}
 * @param keepConnection whether the application is to keep the connection open
 */
public record ClientRequest(
        Role role,
        Map<String, String> params,
        @Nullable InputStream body,
        @Nullable InputStream data,
        boolean keepConnection) {
    public ClientRequest {
        if (body != null && role == Role.AUTHORIZER) {
            throw new IllegalArgumentException("an authorizer gets no body");
        }
        if (data != null && role != Role.FILTER) {
            throw new IllegalArgumentException("only a filter gets data");
        }
    }

    /** A request without a body, on a connection of its own. */
    public static ClientRequest of(Role role, Map<String, String> params) {
        return new ClientRequest(role, params, null, null, false);
    }

    /** The same, with a body. */
    ClientRequest withBody(InputStream stdin) {
        return new ClientRequest(role, params, stdin, data, keepConnection);
    }

    /** The same, with data for a filter. */
    ClientRequest withData(InputStream file) {
        return new ClientRequest(role, params, body, file, keepConnection);
    }

    /** The same, but the connection stays open for another request. */
    public ClientRequest keepingConnection() {
        return new ClientRequest(role, params, body, data, true);
    }
}
