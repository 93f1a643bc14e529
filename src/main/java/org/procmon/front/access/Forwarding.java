package org.procmon.front.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Gives a request that comes through a trusted proxy the address and the scheme of its client; what
 * others say of themselves is not believed. Any thread.
 */
public final class Forwarding implements HttpConfiguration.Customizer {
    private volatile TrustedProxies trusted;

    public Forwarding(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    /** Believes others from now on. */
    public void use(TrustedProxies next) {
        trusted = next;
    }

    /** Whether what is at the other end of a connection is believed. */
    public boolean believes(SocketAddress peer) {
        return trusted.include(peer);
    }

    /** Whether the client of a request is on this machine, as far as it is known. */
    public static boolean isLocal(Request request) {
        return !(request.getConnectionMetaData().getRemoteSocketAddress()
                        instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        TrustedProxies now = trusted;
        if (!now.include(request.getConnectionMetaData().getRemoteSocketAddress())) {
            return request;
        }
        try {
            return ForwardedClient.of(request.getHeaders(), now)
                    .<Request>map(client -> new Forwarded(request, client))
                    .orElse(request);
        } catch (ForwardedClient.Contradiction e) {
            throw new HttpException.RuntimeException(
                    HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()), e);
        }
    }

    /** A request with the client that a proxy names. */
    private static final class Forwarded extends Request.Wrapper {
        private final ConnectionMetaData connection;
        private final HttpURI uri;

        private Forwarded(Request request, ForwardedClient client) {
            super(request);
            this.connection = new Far(request.getConnectionMetaData(), client.address());
            Optional<Boolean> isHttps = client.isHttps();
            this.uri =
                    isHttps.isEmpty()
                            ? request.getHttpURI()
                            : HttpURI.build(request.getHttpURI())
                                    .scheme(
                                            isHttps.get()
                                                    ? HttpScheme.HTTPS.asString()
                                                    : HttpScheme.HTTP.asString())
                                    .asImmutable();
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public boolean isSecure() {
            return HttpScheme.HTTPS.is(uri.getScheme());
        }
    }

    /** A connection whose client is behind a proxy. */
    private static final class Far extends ConnectionMetaData.Wrapper {
        private final InetSocketAddress client;

        private Far(ConnectionMetaData connection, InetAddress client) {
            super(connection);
            this.client = new InetSocketAddress(client, 0);
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return client;
        }
    }
}
