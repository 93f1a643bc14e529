package org.procmon.fastcgi;

import java.io.IOException;
import java.io.Serial;

/** The peer broke the protocol or a bound, or left in the middle: its connection cannot go on. */
public final class FastCgiException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    FastCgiException(String reason) {
        super(reason);
    }
}
