package org.procmon.front;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.procmon.front.config.FileVersion;
import org.procmon.front.config.FrontTls;
import org.procmon.front.tls.TlsPair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on the TCP sockets: HTTP/2 by ALPN, and HTTP/1.1. The files are looked at every two seconds;
 * a new pair is for new connections, and those that are open keep theirs. A pair that cannot be
 * used changes nothing. Any thread.
 */
final class TlsConnections {
    private static final Logger LOG = LoggerFactory.getLogger("tls");
    private static final long LOOK_SECONDS = 2;

    private final Server server;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private final boolean isFollowed;
    private FrontTls files;
    private List<FileVersion> versions;

    /**
     * Reads the files.
     *
     * @param handed the pair that the program was started with, since it may not read the files;
     *     then they are not followed
     * @throws IOException if they cannot be used, with the reason
     */
    TlsConnections(Server server, FrontTls files, Optional<TlsPair> handed) throws IOException {
        this.server = server;
        this.files = files;
        this.isFollowed = handed.isEmpty();
        this.versions = versions(files);
        context.setKeyStorePassword(TlsPair.password());
        TlsPair pair = handed.isPresent() ? handed.get() : read(files);
        context.setKeyStore(pair.store());
        tell(pair);
    }

    private static TlsPair read(FrontTls files) throws IOException {
        return TlsPair.read(files.certificateFile(), files.keyFile());
    }

    /** Follows the files, once the server has started. */
    void start() {
        if (isFollowed) {
            later();
        }
    }

    /** How a connection begins that may be TLS: what is not is answered with a redirect. */
    ConnectionFactory[] factories(HttpConfiguration http) {
        HttpConfiguration own = new HttpConfiguration(http);
        // Clients may know this machine by other names than the certificate has.
        List<HttpConfiguration.Customizer> all = new ArrayList<>();
        all.add(new SecureRequestCustomizer(false));
        all.addAll(http.getCustomizers());
        own.setCustomizers(all);
        HttpConnectionFactory one = new HttpConnectionFactory(own);
        HTTP2ServerConnectionFactory two = new HTTP2ServerConnectionFactory(own);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        SslConnectionFactory tls = new SslConnectionFactory(context, alpn.getProtocol());
        return new ConnectionFactory[] {new TlsOrClear(tls, one), alpn, two, one};
    }

    /** Lets clients in that do not speak TLS, for an answer that says where to go. */
    private static final class TlsOrClear extends DetectorConnectionFactory {
        private final ConnectionFactory clear;

        private TlsOrClear(SslConnectionFactory tls, ConnectionFactory clear) {
            super(tls);
            this.clear = clear;
        }

        @Override
        protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer buffer) {
            upgradeToConnectionFactory(clear, connector, endPoint);
        }
    }

    /**
     * Uses other files from now on.
     *
     * @throws IOException if they cannot be used; then nothing has changed
     */
    synchronized void use(FrontTls next) throws IOException {
        if (isFollowed && !next.equals(files)) {
            List<FileVersion> now = versions(next);
            replace(read(next));
            files = next;
            versions = now;
        }
    }

    private void later() {
        var _ =
                server.getScheduler()
                        .schedule(
                                () -> server.getThreadPool().execute(this::look),
                                LOOK_SECONDS,
                                TimeUnit.SECONDS);
    }

    private void look() {
        try {
            follow();
        } finally {
            if (!server.isStopping() && !server.isStopped()) {
                later();
            }
        }
    }

    /** Reads the files if they have changed. */
    synchronized void follow() {
        List<FileVersion> now = versions(files);
        if (now.equals(versions)) {
            return;
        }
        versions = now;
        try {
            replace(read(files));
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot use the changed certificate; the one before stays");
        }
    }

    private void replace(TlsPair pair) throws IOException {
        var store = pair.store();
        try {
            context.reload(one -> one.setKeyStore(store));
        } catch (Exception e) {
            throw new IOException("cannot use the certificate: " + e.getMessage(), e);
        }
        tell(pair);
    }

    private static void tell(TlsPair pair) {
        LOG.atInfo()
                .addKeyValue("subject", pair.chain().getFirst().getSubjectX500Principal())
                .addKeyValue("until", pair.chain().getFirst().getNotAfter().toInstant())
                .log("using the certificate");
        pair.trouble(Instant.now())
                .ifPresent(reason ->
                        LOG.atWarn()
                                .addKeyValue("reason", reason)
                                .log("clients will refuse the certificate"));
    }

    private static List<FileVersion> versions(FrontTls files) {
        List<Path> all = List.of(files.certificateFile(), files.keyFile());
        return all.stream().map(FileVersion::of).toList();
    }
}
