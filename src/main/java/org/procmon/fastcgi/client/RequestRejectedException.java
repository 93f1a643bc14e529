package org.procmon.fastcgi.client;

import java.io.Serial;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.Records;

/** The application did not take the request, and has not worked on it; another one may. */
public final class RequestRejectedException extends FastCgiException {
    @Serial private static final long serialVersionUID = 1;

    private final int protocolStatus;

    RequestRejectedException(int protocolStatus) {
        super("the application rejects the request: " + words(protocolStatus));
        this.protocolStatus = protocolStatus;
    }

    /** Whether the application has no room for another request now. */
    public boolean isOverloaded() {
        return protocolStatus == Records.OVERLOADED;
    }

    private static String words(int status) {
        return switch (status) {
            case Records.CANT_MPX_CONN -> "it serves one request at a time on a connection";
            case Records.OVERLOADED -> "it is overloaded";
            case Records.UNKNOWN_ROLE -> "it does not know the role";
            default -> "its protocol status is " + status;
        };
    }
}
