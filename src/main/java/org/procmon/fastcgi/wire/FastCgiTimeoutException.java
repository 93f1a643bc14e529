package org.procmon.fastcgi.wire;

import java.io.Serial;

/** The peer missed a deadline: the connection is closed. */
public final class FastCgiTimeoutException extends FastCgiException {
    @Serial private static final long serialVersionUID = 1;

    public FastCgiTimeoutException(String reason) {
        super(reason);
    }
}
