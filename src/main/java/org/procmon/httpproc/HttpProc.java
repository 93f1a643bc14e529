package org.procmon.httpproc;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.procmon.control.client.ControlClient;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.front.Front;
import org.procmon.front.FrontSecrets;
import org.procmon.front.config.FrontConfig;
import org.procmon.front.config.FrontConfigReader;
import org.procmon.front.config.FrontTls;
import org.procmon.front.tls.TlsPair;
import org.procmon.http.CsrfGuard;
import org.procmon.http.OwnHostName;
import org.procmon.listen.InheritedFile;
import org.procmon.listen.InheritedSocket;
import org.procmon.listen.ListenAddress;
import org.procmon.log.LogOutput;
import org.procmon.web.ProcsHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code http_proc}. */
public final class HttpProc {
    private static final Logger LOG = LoggerFactory.getLogger("front");
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int INVALID = 78;
    private static final int FIRST_INHERITED = 3;

    /** The monitor sets this variable to the name of the process. */
    private static final String NAME_VARIABLE = "PROCMON_ID";

    /** How long to wait for the outcome of a change. */
    private static final Duration CHANGE_TIME = Duration.ofSeconds(30);

    /** How long the monitor may take to answer, including to report that a wait timed out. */
    private static final Duration LIMIT = CHANGE_TIME.plusSeconds(2);

    /** How long requests have to finish after a stop signal. */
    private static final Duration GRACE = CHANGE_TIME.plusSeconds(5);

    /** The monitor writes it into its state directory. */
    private static final String CONFIG = "http.json";

    /** The monitor makes it in its state directory. */
    private static final String SESSION_KEY = "http.key";

    private static final int BODY_LIMIT = 1024;
    private static final String HOST_REMEDY = "add the name to \"hosts\" of \"http\"";

    private HttpProc() {}

    /** The signals that ask the program to stop. */
    @FunctionalInterface
    public interface EndSignals {
        /** Runs the action, on any thread, at each of these signals. */
        void whenAsked(Runnable action);
    }

    /**
     * Serves until a signal asks it to stop; a second signal stops it at once. Blocks the calling
     * thread throughout.
     *
     * @param out for the usage, if requested
     * @param err for everything else
     * @param bugs is notified of errors after which the program must exit
     * @return the exit code: 0 done, 1 failed, 2 wrong usage, 78 the configuration is invalid
     */
    public static int run(
            String[] args,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            EndSignals signals,
            Thread.UncaughtExceptionHandler bugs) {
        HttpProcOptions options;
        try {
            options = HttpProcOptions.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            err.println("http_proc: cannot start: " + e.getMessage() + " (http_proc -h)");
            return USAGE;
        }
        if (options.help()) {
            out.print(HttpProcOptions.USAGE);
            return OK;
        }
        LogOutput.configure(options.logFormat(), options.verbose(), environment);
        Path file = options.config().orElseGet(() -> state(options, environment).resolve(CONFIG));
        try (ConfigFollower follower = ConfigFollower.of(file)) {
            FrontConfig config;
            try {
                config = FrontConfigReader.read(file);
            } catch (IOException e) {
                err.println("http_proc: cannot read " + file + ": " + e.getMessage());
                return INVALID;
            }
            serve(options, config, follower, file, environment, out, signals, bugs);
            return OK;
        } catch (AccessDeniedException e) {
            err.println(
                    "http_proc: cannot serve: its user may not read "
                            + e.getFile()
                            + "; \"control\": {\"socket_group\": …} with a group of that user lets"
                            + " it");
            return FAILED;
        } catch (IOException e) {
            err.println("http_proc: cannot serve: " + e.getMessage());
            return FAILED;
        } finally {
            options.listen().forEach(ListenAddress::remove);
        }
    }

    private static void serve(
            HttpProcOptions options,
            FrontConfig config,
            ConfigFollower follower,
            Path file,
            Map<String, String> environment,
            PrintStream out,
            EndSignals signals,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        int uid = SocketLocation.ownUid();
        Set<String> hosts = new HashSet<>(config.hosts());
        hosts.addAll(OwnHostName.read());
        try (ProcsHandler control =
                        new ProcsHandler(
                                () ->
                                        ControlClient.connect(
                                                SocketLocation.socket(
                                                        options.stateDir(), environment, uid)),
                                new CsrfGuard(hosts, HOST_REMEDY),
                                environment.getOrDefault(NAME_VARIABLE, ""),
                                BODY_LIMIT,
                                CHANGE_TIME,
                                LIMIT,
                                bugs);
                Front front =
                        Front.serve(
                                config,
                                listeners(options),
                                new FrontSecrets(
                                        handed(options, config),
                                        sessionKey(options, environment, config)),
                                control,
                                out,
                                bugs)) {
            follower.start(() -> reload(front, file), bugs);
            LOG.atDebug().addKeyValue("config", file).log("serving");
            if (options.readyDescriptor().isPresent()) {
                notifyReady(options.readyDescriptor().getAsInt());
            }
            CountDownLatch first = new CountDownLatch(1);
            signals.whenAsked(() -> {
                if (first.getCount() == 0) {
                    front.hurry();
                }
                first.countDown();
            });
            first.await();
            control.endStreams();
            front.stop(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Source: the notification-fd of s6. */
    private static void notifyReady(int descriptor) throws IOException {
        Files.write(
                Path.of("/proc/self/fd", Integer.toString(descriptor)),
                new byte[] {'\n'},
                StandardOpenOption.WRITE);
    }

    private static void reload(Front front, Path file) {
        try {
            FrontConfig config = FrontConfigReader.read(file);
            front.reload(config);
            LOG.atInfo().addKeyValue("config", file).log("reloaded");
            if (front.needsRestart(config)) {
                LOG.atWarn()
                        .addKeyValue("keys", "limits access_log hosts")
                        .addKeyValue("remedy", "procmon restart http")
                        .log("changed, and counts after a restart");
            }
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("config", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot reload; serving as before");
        }
    }

    /** The key of all processes of this front; empty if the monitor has made none. */
    private static Optional<byte[]> sessionKey(
            HttpProcOptions options, Map<String, String> environment, FrontConfig config) {
        if (config.accessOrDefault().auth() == null) {
            return Optional.empty();
        }
        Path file = state(options, environment).resolve(SESSION_KEY);
        try {
            byte[] key = Files.readAllBytes(file);
            return key.length == FrontSecrets.KEY_BYTES ? Optional.of(key) : Optional.empty();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot read the key of sessions; they end with this process");
            return Optional.empty();
        }
    }

    private static Path state(HttpProcOptions options, Map<String, String> environment) {
        return SocketLocation.stateFolder(options.stateDir(), environment, SocketLocation.ownUid());
    }

    /** The certificate and the key that the monitor has opened. */
    private static Optional<TlsPair> handed(HttpProcOptions options, FrontConfig config)
            throws IOException {
        FrontTls files = config.accessOrDefault().tls();
        if (!options.tlsDescriptors() || files == null) {
            return Optional.empty();
        }
        int first = FIRST_INHERITED + options.inherited().size();
        try (InputStream certificate = InheritedFile.stream(first);
                InputStream key = InheritedFile.stream(first + 1)) {
            return Optional.of(
                    TlsPair.of(
                            TlsPair.content(certificate, files.certificate()),
                            TlsPair.content(key, files.key()),
                            new TlsPair.Names(files.certificate(), files.key())));
        }
    }

    private static List<ServerSocketChannel> listeners(HttpProcOptions options) throws IOException {
        List<ServerSocketChannel> all = new ArrayList<>();
        for (int i = 0; i < options.inherited().size(); i++) {
            all.add(InheritedSocket.channel(FIRST_INHERITED + i, options.inherited().get(i)));
        }
        for (ListenAddress address : options.listen()) {
            try {
                all.add(address.open());
            } catch (IOException e) {
                throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
            }
        }
        return all;
    }
}
