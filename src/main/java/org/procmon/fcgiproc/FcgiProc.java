package org.procmon.fcgiproc;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.procmon.control.client.ControlClient;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.http.CsrfGuard;
import org.procmon.http.OwnHostName;
import org.procmon.listen.ListenAddress;
import org.procmon.log.LogOutput;
import org.procmon.web.ProcsHandler;
import org.slf4j.LoggerFactory;

/** The program {@code fcgi_proc}. */
public final class FcgiProc {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** The monitor sets this variable to the name of the process. */
    private static final String NAME_VARIABLE = "PROCMON_ID";

    /** How long to wait for the outcome of a change. */
    private static final Duration CHANGE_TIME = Duration.ofSeconds(30);

    /** How long the monitor may take to answer, including to report that a wait timed out. */
    private static final Duration LIMIT = CHANGE_TIME.plusSeconds(2);

    /** How long requests have to finish after a stop signal; no change takes longer. */
    private static final Duration GRACE = CHANGE_TIME.plusSeconds(5);

    private static final String HOST_REMEDY = "allow the name with 'fcgi_proc --host NAME'";

    private FcgiProc() {}

    /**
     * The signals that ask the program to stop: SIGTERM, SIGINT, SIGHUP, and SIGUSR1 from web
     * servers.
     */
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
     * @param bugs is notified of the end of a required thread, and of errors after which the
     *     program must exit
     * @return the exit code: 0 done, 1 failed, 2 wrong usage
     */
    public static int run(
            String[] args,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            EndSignals signals,
            Thread.UncaughtExceptionHandler bugs) {
        FcgiProcOptions fcgiProcOptions;
        AllowedPeers allowedPeers;
        try {
            fcgiProcOptions = FcgiProcOptions.parse(List.of(args));
            allowedPeers = peers(environment);
        } catch (IllegalArgumentException e) {
            err.println("fcgi_proc: cannot start: " + e.getMessage() + " (fcgi_proc -h)");
            return USAGE;
        }
        if (fcgiProcOptions.help()) {
            out.print(FcgiProcOptions.USAGE);
            return OK;
        }
        LogOutput.configure(fcgiProcOptions.logFormat(), fcgiProcOptions.verbose(), environment);
        Optional<ServerSocketChannel> listener;
        try {
            listener = listener(fcgiProcOptions.listen());
        } catch (IOException e) {
            err.println(
                    "fcgi_proc: cannot listen on "
                            + fcgiProcOptions.listen().map(Object::toString).orElse("descriptor 0")
                            + ": "
                            + e.getMessage());
            return FAILED;
        }
        if (listener.isEmpty()) {
            err.println(
                    "fcgi_proc: cannot start: descriptor 0 is no listening socket; let lighttpd"
                            + " (bin-path), spawn-fcgi or procmon start it, or say where to listen"
                            + " with --listen (fcgi_proc -h)");
            return USAGE;
        }
        int uid = SocketLocation.ownUid();
        Supplier<Path> monitor =
                () -> SocketLocation.socket(fcgiProcOptions.stateDir(), environment, uid);
        try {
            String self = environment.getOrDefault(NAME_VARIABLE, "");
            serve(fcgiProcOptions, allowedPeers, listener.get(), monitor, self, signals, bugs);
            return OK;
        } catch (IOException e) {
            err.println("fcgi_proc: cannot serve: " + e.getMessage());
            return FAILED;
        } finally {
            fcgiProcOptions.listen().ifPresent(ListenAddress::remove);
        }
    }

    private static void serve(
            FcgiProcOptions fcgiProcOptions,
            AllowedPeers allowedPeers,
            ServerSocketChannel listener,
            Supplier<Path> monitor,
            String self,
            EndSignals signals,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CsrfGuard csrfGuard = new CsrfGuard(ownNames(fcgiProcOptions), HOST_REMEDY);
        try (ProcsHandler procsHandler =
                        new ProcsHandler(
                                () -> ControlClient.connect(monitor.get()),
                                csrfGuard,
                                self,
                                fcgiProcOptions.bodyLimit(),
                                CHANGE_TIME,
                                LIMIT,
                                bugs);
                Responder responder =
                        Responder.serve(
                                listener,
                                procsHandler,
                                ResponderLimits.DEFAULT,
                                allowedPeers,
                                bugs)) {
            LoggerFactory.getLogger("web")
                    .atDebug()
                    .addKeyValue("address", listener.getLocalAddress())
                    .addKeyValue("monitor", monitor.get())
                    .log("serving");
            signals.whenAsked(() -> {
                if (asked.getCount() > 0) {
                    asked.countDown();
                } else {
                    responder.stop(Duration.ZERO);
                }
            });
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            procsHandler.endStreams();
            responder.stop(GRACE);
        }
    }

    /** The given names, and the host name from the kernel. */
    private static Set<String> ownNames(FcgiProcOptions fcgiProcOptions) {
        Set<String> names = new HashSet<>(fcgiProcOptions.hosts());
        names.addAll(OwnHostName.read());
        return names;
    }

    private static Optional<ServerSocketChannel> listener(Optional<ListenAddress> address)
            throws IOException {
        if (address.isPresent()) {
            return Optional.of(address.get().open());
        }
        Channel inherited = System.inheritedChannel();
        return inherited instanceof ServerSocketChannel server
                ? Optional.of(server)
                : Optional.empty();
    }

    /** FastCGI specification, section 3.2. */
    private static AllowedPeers peers(Map<String, String> environment) {
        String addresses = environment.getOrDefault("FCGI_WEB_SERVER_ADDRS", "");
        return addresses.isEmpty() ? AllowedPeers.any() : AllowedPeers.of(addresses);
    }
}
