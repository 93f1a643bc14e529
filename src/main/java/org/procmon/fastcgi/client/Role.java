package org.procmon.fastcgi.client;

import org.procmon.fastcgi.wire.Records;

/** What an application is asked to do (FastCGI specification, section 6). */
public enum Role {
    /** Answers a request. */
    RESPONDER(Records.ROLE_RESPONDER),
    /** Decides whether a request is permitted; it gets no body. */
    AUTHORIZER(Records.ROLE_AUTHORIZER),
    /** Answers a request from a file that the web server sends after the body. */
    FILTER(Records.ROLE_FILTER);

    private final int number;

    Role(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
