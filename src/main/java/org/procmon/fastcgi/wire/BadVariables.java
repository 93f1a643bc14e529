package org.procmon.fastcgi.wire;

import java.io.IOException;
import java.io.Serial;
import org.procmon.http.RequestRefused;

/**
 * The variables of a request are invalid or exceed a limit: the request is answered, and the
 * connection closes. Nothing more can be read from it.
 */
public final class BadVariables extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private final RequestRefused requestRefused;

    BadVariables(RequestRefused requestRefused, String reason) {
        super(reason);
        this.requestRefused = requestRefused;
    }

    public RequestRefused refusal() {
        return requestRefused;
    }
}
