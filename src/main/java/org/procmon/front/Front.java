package org.procmon.front;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.FastCgiClientLimits;
import org.procmon.front.access.Forwarding;
import org.procmon.front.access.Gate;
import org.procmon.front.access.TrustedProxies;
import org.procmon.front.application.ApplicationCounts;
import org.procmon.front.application.ClientWatch;
import org.procmon.front.config.FrontConfig;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.config.FrontTls;
import org.procmon.http.Handler;

/** An HTTP server over listening sockets that are open already. Any thread. */
public final class Front implements AutoCloseable {
    /** Threads that wait for connections and bytes; requests run on those of RequestThreads. */
    private static final int MOST_THREADS = 16;

    private static final int FEWEST_THREADS = 2;

    /** {@code RequestPath} gives what is encoded twice, or empty, one meaning. */
    private static final UriCompliance URIS =
            new UriCompliance(
                    "procmon",
                    EnumSet.of(
                            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));

    private final Server server;
    private final FastCgiClient client;
    private final ClientWatch clients;
    private final ApplicationCounts counts;
    private final Handler control;
    private final FrontHandler handler;
    private final FrontConfig begun;
    private final Optional<TlsConnections> tls;
    private final Gate.Memory memory;
    private final Forwarding forwarding;

    private Front(
            FrontConfig begun,
            Optional<TlsConnections> tls,
            Gate.Memory memory,
            Forwarding forwarding,
            Server server,
            FastCgiClient client,
            ClientWatch clients,
            ApplicationCounts counts,
            Handler control,
            FrontHandler handler) {
        this.begun = begun;
        this.tls = tls;
        this.memory = memory;
        this.forwarding = forwarding;
        this.server = server;
        this.client = client;
        this.clients = clients;
        this.counts = counts;
        this.control = control;
        this.handler = handler;
    }

    /**
     * Serves from now on.
     *
     * @param secrets what the monitor gave to the program
     * @param accessLog gets a line for each request, if the configuration says so
     * @param control answers the queries of the monitor
     * @param bugs is notified of errors after which the program must exit
     * @throws IOException if something cannot be served, with the reason
     */
    public static Front serve(
            FrontConfig config,
            List<ServerSocketChannel> listeners,
            FrontSecrets secrets,
            Handler control,
            PrintStream accessLog,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        FrontLimits limits = config.limitsOrDefault();
        FastCgiClient client = new FastCgiClient(clientLimits(limits), bugs);
        Server server =
                new Server(
                        threads(),
                        null,
                        // Not a pool: two threads of Jetty release the same buffer at times, and
                        // then requests were lost or answered twice.
                        new ByteBufferPool.NonPooling());
        ApplicationCounts requestCounts = new ApplicationCounts();
        ClientWatch clients = new ClientWatch(server.getScheduler());
        Gate.Memory memory = new Gate.Memory(secrets.sessionKey());
        FrontHandler handler =
                new FrontHandler(
                        new Routes(server, config, client, clients, requestCounts, control, memory),
                        limits);
        server.setHandler(handler);
        server.setErrorHandler(new ErrorText());
        FrontConfig.AccessLogFormat format = config.accessLog();
        if (format != null) {
            server.setRequestLog(new AccessLog(format, accessLog));
        }
        Forwarding forwarding = new Forwarding(proxies(config));
        FrontTls files = config.accessOrDefault().tls();
        Optional<TlsConnections> tls;
        try {
            tls =
                    files == null
                            ? Optional.empty()
                            : Optional.of(new TlsConnections(server, files, secrets.pair()));
            addConnectors(server, listeners, tls, forwarding, limits);
            server.start();
            tls.ifPresent(TlsConnections::start);
        } catch (Exception e) {
            client.close();
            throw e instanceof IOException failed ? failed : new IOException(e.getMessage(), e);
        }
        return new Front(
                config,
                tls,
                memory,
                forwarding,
                server,
                client,
                clients,
                requestCounts,
                control,
                handler);
    }

    private static void addConnectors(
            Server server,
            List<ServerSocketChannel> listeners,
            Optional<TlsConnections> tls,
            Forwarding forwarding,
            FrontLimits limits)
            throws IOException {
        HttpConfiguration http = http(limits);
        http.addCustomizer(forwarding);
        ConnectionCounts counts =
                new ConnectionCounts(
                        limits.connections(), limits.connectionsPerAddress(), forwarding::believes);
        HeadDeadlines heads = new HeadDeadlines(server.getScheduler(), limits.headMillis());
        for (ServerSocketChannel listener : listeners) {
            // A Unix socket is for programs on this machine, such as a proxy.
            boolean isForTls =
                    tls.isPresent() && listener.getLocalAddress() instanceof InetSocketAddress;
            ChannelConnector connector =
                    new ChannelConnector(
                            server,
                            listener,
                            counts,
                            heads,
                            isForTls,
                            isForTls ? tls.get().factories(http) : clear(http));
            connector.setIdleTimeout(limits.idleMillis());
            server.addConnector(connector);
        }
    }

    private static TrustedProxies proxies(FrontConfig config) {
        return new TrustedProxies(config.accessOrDefault().trustedProxies());
    }

    private static ConnectionFactory[] clear(HttpConfiguration http) {
        return new ConnectionFactory[] {
            new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)
        };
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName("http");
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(new RequestThreads());
        return threads;
    }

    private static HttpConfiguration http(FrontLimits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setRelativeRedirectAllowed(true);
        http.setUriCompliance(URIS);
        http.setHttpCompliance(HttpCompliance.STRICT);
        return http;
    }

    private static FastCgiClientLimits clientLimits(FrontLimits limits) {
        FastCgiClientLimits usual = FastCgiClientLimits.DEFAULT;
        Duration time = Duration.ofMillis(limits.requestMillis());
        return new FastCgiClientLimits(
                usual.connectTime(),
                time,
                time,
                time,
                usual.headerBytes(),
                usual.headerFields(),
                usual.errorBytes());
    }

    /**
     * Uses other routes for the requests that arrive from now on.
     *
     * @throws IOException if something cannot be served; then nothing has changed
     */
    public void reload(FrontConfig config) throws IOException {
        Routes routes = new Routes(server, config, client, clients, counts, control, memory);
        FrontTls files = config.accessOrDefault().tls();
        if (tls.isPresent() && files != null) {
            try {
                tls.get().use(files);
            } catch (IOException e) {
                routes.close();
                throw e;
            }
        }
        forwarding.use(proxies(config));
        handler.replace(routes).close();
    }

    /** Reads the certificate again if its files have changed. */
    void followCertificate() {
        tls.ifPresent(TlsConnections::follow);
    }

    /** Whether a configuration differs in more than its routes, so that it needs a restart. */
    public boolean needsRestart(FrontConfig config) {
        boolean hasTls = config.accessOrDefault().tls() != null;
        return hasTls != tls.isPresent()
                || !config.limitsOrDefault().equals(begun.limitsOrDefault())
                || config.accessLog() != begun.accessLog()
                || !config.hosts().equals(begun.hosts());
    }

    /**
     * Accepts nothing more, and waits until all requests are answered, or the time is over, or
     * {@link #hurry} is called.
     */
    public void stop(Duration grace) throws IOException {
        for (Connector connector : server.getConnectors()) {
            if (connector instanceof ChannelConnector channels) {
                channels.stopAccepting();
            }
        }
        handler.awaitIdle(grace);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("cannot stop the server: " + e.getMessage(), e);
        } finally {
            client.close();
        }
    }

    /** Lets {@link #stop} wait no longer. */
    public void hurry() {
        handler.hurry();
    }

    @Override
    public void close() throws IOException {
        stop(Duration.ZERO);
    }
}
