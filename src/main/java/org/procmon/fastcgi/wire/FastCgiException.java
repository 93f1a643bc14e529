package org.procmon.fastcgi.wire;

import java.io.IOException;
import java.io.Serial;

/**
 * The peer broke the protocol or a limit, or disconnected in the middle: the connection is
 * unusable.
 */
public class FastCgiException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    public FastCgiException(String reason) {
        super(reason);
    }
}
