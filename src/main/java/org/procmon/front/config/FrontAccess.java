package org.procmon.front.config;

import org.jspecify.annotations.Nullable;

/**
 * How clients come in.
 *
 * @param tls the certificate of the TCP sockets; null for none, and no TLS
 * @param auth who may use the routes that ask for it; null for nobody
 */
public record FrontAccess(@Nullable FrontTls tls, @Nullable FrontAuth auth) {
    static final FrontAccess OPEN = new FrontAccess(null, null);
}
