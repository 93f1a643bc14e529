package org.procmon.front.config;

import org.jspecify.annotations.Nullable;

/**
 * How clients come in.
 *
 * @param tls the certificate of the TCP sockets; null for none, and no TLS
 */
public record FrontAccess(@Nullable FrontTls tls) {
    static final FrontAccess OPEN = new FrontAccess(null);
}
