package org.procmon.fastcgi;

import java.io.IOException;
import java.io.Serial;

/** The web server aborted the request (FCGI_ABORT_REQUEST); any answer is discarded. */
final class RequestAbortedException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    RequestAbortedException() {
        super("the web server aborted the request");
    }
}
