package org.procmon.fastcgi;

import java.io.IOException;
import java.io.Serial;

/**
 * The peer broke the protocol or a limit, or disconnected in the middle: the connection is
 * unusable.
 */
public final class FastCgiException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    FastCgiException(String reason) {
        super(reason);
    }
}
