package org.procmon.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.cli.RunOptions;
import org.procmon.control.server.SocketFile;
import org.procmon.launch.Rehearsal;
import org.procmon.posix.Self;
import org.procmon.posix.Umask;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.Problem;
import org.procmon.spec.SpecResult;
import org.procmon.supervise.Ticker;

/**
 * A monitor in whichever role it is started: the first of all by somebody's command, or a further
 * one by another monitor.
 */
final class Monitor {
    static final int FAILED = 1;
    private static final int CONFIGURATION_INVALID = 78;
    private static final int INIT = 1;

    private final PrintStream err;
    private final Map<String, String> environment;

    Monitor(PrintStream err, Map<String, String> environment) {
        this.err = err;
        this.environment = environment;
    }

    /**
     * Supervises the processes of a file until a shutdown is complete.
     *
     * @return the exit code
     */
    int run(Path file, RunOptions options) {
        logAll(options.verbose());
        SignalHandlers.listen();
        Umask.makeUsual();
        try {
            return isFirst(options) ? begin(file, options) : follow(site(file, options));
        } catch (IOException e) {
            err.println("procmon: cannot run " + file + ": " + reason(e));
            return FAILED;
        } catch (RuntimeException | Error bug) {
            // The log is closed by now, so nobody else would tell.
            bug.printStackTrace(err);
            err.println("procmon: cannot go on: thread main failed");
            return Primary.BUG;
        }
    }

    private Site site(Path file, RunOptions options) {
        return Site.of(file, atInit(options), environmentFor(options), Self.uid());
    }

    /** With the variables of the service manager as monitors pass them on. */
    private Map<String, String> environmentFor(RunOptions options) {
        if (options.renewed()) {
            // The backup of the version before, which may be the main process, is replaced.
            return NotifySettings.ofRenewed(environment, Self.pid());
        }
        return isFirst(options) ? NotifySettings.ofMain(environment, Self.pid()) : environment;
    }

    private static boolean isFirst(RunOptions options) {
        return options.standbyFor().isEmpty() && options.inherited().isEmpty();
    }

    /** With the first process of a container, all others end: it needs no backup. */
    private static RunOptions atInit(RunOptions options) {
        return Self.pid() == INIT || SignalHandlers.isBelowInit() ? options.alone() : options;
    }

    private int begin(Path file, RunOptions options) throws IOException {
        EarlyReading reading = EarlyReading.of(file, environment);
        Site site = site(file, options);
        Optional<EarlyLook> look = lookEarly(site);
        return switch (reading.await()) {
            case SpecResult.Invalid invalid -> refuse(site, invalid.problems());
            case SpecResult.Valid valid -> begin(site, look, valid);
        };
    }

    private int refuse(Site site, List<Problem> problems) {
        for (Problem problem : problems) {
            err.println(problem);
        }
        err.println(
                "procmon: cannot run " + site.file() + ": it has problems, nothing was started");
        return CONFIGURATION_INVALID;
    }

    /** None where no monitor was before. */
    private static Optional<EarlyLook> lookEarly(Site site) throws IOException {
        return Records.areThere(site) ? Optional.of(EarlyLook.at(site)) : Optional.empty();
    }

    private int begin(Site site, Optional<EarlyLook> look, SpecResult.Valid valid)
            throws IOException {
        MonitorSpec spec = valid.spec();
        if (site.options().takesOver()) {
            Predecessors.end(site);
        }
        try (StateFolder folder = StateFolder.open(site.state(), site.uid());
                InstanceLock _ = InstanceLock.join(site.state());
                BackgroundStream log = new BackgroundStream(stderr())) {
            logTo(log);
            protect(folder, site, spec.control().socketGroup());
            Records records =
                    look.isPresent() ? look.get().records() : Records.of(site, Ticker.system());
            Rehearsal rehearsal = look.isPresent() ? look.get().rehearsal() : new Rehearsal();
            SpecResult.Valid decided = records.scaled(valid);
            records.begin(decided.bundle());
            SocketFile socket =
                    SocketFile.bind(site.socket(), spec.control(), new InheritablePort());
            Estate estate = new Estate(folder, socket, decided.spec());
            return site.options().role() == RunOptions.Role.PAIR_FROM_BACKUP
                    ? new Standby(site, records, rehearsal, err).begin(estate)
                    : new Primary(site, records, rehearsal, err)
                            .run(estate, Primary.Entrance.BEGINS, SignalHandlers::takeEnd);
        }
    }

    /** Once others were ended for it, it goes on with what they have left. */
    private static void protect(StateFolder folder, Site site, Optional<String> group)
            throws IOException {
        if (site.options().takesOver()) {
            folder.protectFurther(group);
        } else {
            folder.protect(group);
        }
    }

    private int follow(Site site) throws IOException {
        ServerSocketChannel listening =
                InheritablePort.inherited()
                        .orElseThrow(
                                () -> new IOException("the standard input is no listening socket"));
        SocketFile socket = SocketFile.inherited(site.socket(), listening, new InheritablePort());
        try (InstanceLock _ = InstanceLock.join(site.state());
                BackgroundStream log = new BackgroundStream(stderr())) {
            logTo(log);
            Records records = Records.of(site, Ticker.system());
            MonitorSpec spec = records.spec(records.configuration());
            OptionalInt primary = site.options().standbyFor();
            if (primary.isPresent()) {
                return new Standby(site, records, new Rehearsal(), err)
                        .stand(socket, primary.getAsInt());
            }
            Thread.ofPlatform().daemon().name("room").start(() -> Primary.makeRoomFor(spec));
            int lock = site.options().inherited().orElseThrow();
            StateFolder folder = StateFolder.inherit(site.state(), site.uid(), lock);
            folder.protectFurther(spec.control().socketGroup());
            socket.follow(spec.control());
            return new Primary(site, records, new Rehearsal(), err)
                    .run(
                            new Estate(folder, socket, spec),
                            site.options().renewed()
                                    ? Primary.Entrance.BEGINS
                                    : Primary.Entrance.IS_STARTED,
                            SignalHandlers::takeEnd);
        }
    }

    private static FileOutputStream stderr() {
        return new FileOutputStream(FileDescriptor.err);
    }

    /** Counts only before there is any logger. */
    private static void logAll(boolean verbose) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "info");
    }

    private static void logTo(BackgroundStream stream) {
        System.setErr(new PrintStream(stream, true, StandardCharsets.UTF_8));
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
