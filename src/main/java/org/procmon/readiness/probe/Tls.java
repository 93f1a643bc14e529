package org.procmon.readiness.probe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypted connections. Created only by a monitor that probes over TLS, as it loads a thousand
 * classes. Trusts the certificates of the machine, or else those of Java. Any thread.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** Where distributions keep their trusted certificates: Debian, Fedora, Alpine. */
    private static final List<Path> STORES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/cert.pem"));

    private final List<Path> stores;
    private @Nullable SSLSocketFactory strict;
    private @Nullable SSLSocketFactory lenient;

    Tls() {
        this(STORES);
    }

    /**
     * @param stores the first that exists is used
     */
    Tls(List<Path> stores) {
        this.stores = List.copyOf(stores);
    }

    /**
     * Encrypts a connection; blocks until the handshake is finished.
     *
     * @param host the server that the certificate must be for
     * @param insecure whether to accept any certificate
     */
    Socket over(Socket plain, String host, int port, boolean insecure) throws IOException {
        SSLSocket socket = (SSLSocket) factory(insecure).createSocket(plain, host, port, true);
        if (!insecure) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private synchronized SSLSocketFactory factory(boolean insecure) throws IOException {
        SSLSocketFactory made = insecure ? lenient : strict;
        if (made != null) {
            return made;
        }
        SSLSocketFactory fresh =
                factory(insecure ? new TrustManager[] {new TrustAll()} : trusted());
        if (insecure) {
            lenient = fresh;
        } else {
            strict = fresh;
        }
        return fresh;
    }

    private static SSLSocketFactory factory(TrustManager @Nullable [] trusted) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use TLS: " + e.getMessage(), e);
        }
    }

    /** Null for Java's defaults. */
    private TrustManager @Nullable [] trusted() {
        Optional<Path> store = stores.stream().filter(Files::isReadable).findFirst();
        if (store.isEmpty()) {
            return null;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(store.get()))) {
            KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
            keys.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                keys.setCertificateEntry(Integer.toString(number++), each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(keys);
            return trust.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            LOG.atWarn()
                    .addKeyValue("file", store.get())
                    .addKeyValue("reason", e.toString())
                    .log("cannot use certificates");
            return null;
        }
    }

    /** Trusts every certificate. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
