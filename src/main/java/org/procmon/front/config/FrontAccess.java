package org.procmon.front.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How clients come in.
 *
 * @param tls the certificate of the TCP sockets; null for none, and no TLS
 * @param auth who may use the routes that ask for it; null for nobody
 * @param trustedProxies the addresses and networks of proxies that are believed when they name the
 *     client; {@code unix} for those at a Unix socket
 */
public record FrontAccess(
        @Nullable FrontTls tls, @Nullable FrontAuth auth, List<String> trustedProxies) {
    static final FrontAccess OPEN = new FrontAccess(null, null, List.of());

    @SuppressWarnings("NullAway") // Databind passes null for what is not in the file.
    public FrontAccess {
        trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    }
}
