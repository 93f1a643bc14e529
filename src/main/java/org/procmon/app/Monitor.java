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
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.control.server.SocketFile;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.launch.DescriptorNeeds;
import org.procmon.log.LogOutput;
import org.procmon.pair.Backup;
import org.procmon.pair.Handover;
import org.procmon.pair.InheritedListener;
import org.procmon.pair.InstanceLock;
import org.procmon.pair.JournalPreload;
import org.procmon.pair.ListenerStore;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.MonitorExit;
import org.procmon.pair.MonitorKiller;
import org.procmon.pair.SignalHandlers;
import org.procmon.pair.StateFolder;
import org.procmon.pair.StateStore;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Umask;
import org.procmon.supervise.port.Ticker;
import org.procmon.systemd.NotifySettings;

/**
 * A monitor in the role that it is started in: the first one, started by a user's command, or a
 * further one, started by another monitor.
 */
final class Monitor {
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
        SignalHandlers.listen();
        Umask.makeUsual();
        try {
            LogOutput.configure(options.logFormat(), options.verbose(), environment);
            return isFirst(options) ? begin(file, options) : follow(site(file, options));
        } catch (IOException e) {
            err.println("procmon: cannot run " + file + ": " + reason(e));
            return MonitorExit.FAILED;
        } catch (RuntimeException | Error bug) {
            // The log is closed by now, so nothing else would report it.
            bug.printStackTrace(err);
            err.println("procmon: cannot continue: thread main failed");
            return MonitorExit.BUG;
        }
    }

    private MonitorContext site(Path file, RunOptions options) {
        return MonitorContext.of(
                file, atInit(options), environmentFor(options), CurrentProcess.uid());
    }

    /** With the variables of the service manager as monitors pass them on. */
    private Map<String, String> environmentFor(RunOptions options) {
        if (options.renewed()) {
            // The backup of the previous version, which may be the main process, is replaced.
            return NotifySettings.ofRenewed(environment, CurrentProcess.pid());
        }
        return isFirst(options)
                ? NotifySettings.ofMain(environment, CurrentProcess.pid())
                : environment;
    }

    private static boolean isFirst(RunOptions options) {
        return options.standbyFor().isEmpty() && options.inherited().isEmpty();
    }

    /**
     * When the first process of a container exits, the kernel kills all others: it needs no backup.
     */
    private static RunOptions atInit(RunOptions options) {
        return CurrentProcess.pid() == INIT || SignalHandlers.isBelowInit()
                ? options.alone()
                : options;
    }

    private int begin(Path file, RunOptions options) throws IOException {
        ConfigPreload reading = ConfigPreload.of(file, environment);
        MonitorContext monitorContext = site(file, options);
        Optional<JournalPreload> look = lookEarly(monitorContext);
        return switch (reading.await()) {
            case SpecResult.Invalid invalid -> refuse(monitorContext, invalid.problems());
            case SpecResult.Valid valid -> begin(monitorContext, look, valid);
        };
    }

    private int refuse(MonitorContext monitorContext, List<Problem> problems) {
        for (Problem problem : problems) {
            err.println(problem);
        }
        err.println(
                "procmon: cannot run "
                        + monitorContext.file()
                        + ": it has problems, nothing was started");
        return CONFIGURATION_INVALID;
    }

    /** None where no monitor ran before. */
    private static Optional<JournalPreload> lookEarly(MonitorContext monitorContext)
            throws IOException {
        return StateStore.areThere(monitorContext)
                ? Optional.of(JournalPreload.at(monitorContext))
                : Optional.empty();
    }

    private int begin(
            MonitorContext monitorContext, Optional<JournalPreload> look, SpecResult.Valid valid)
            throws IOException {
        MonitorSpec spec = valid.spec();
        if (monitorContext.options().takesOver()) {
            MonitorKiller.end(monitorContext);
        }
        try (StateFolder folder = StateFolder.open(monitorContext.state(), monitorContext.uid());
                InstanceLock _ = InstanceLock.join(monitorContext.state());
                BackgroundStream log = new BackgroundStream(stderr())) {
            logTo(log);
            protect(folder, monitorContext, spec.control().socketGroup());
            StateStore stateStore =
                    look.isPresent()
                            ? look.get().stateStore()
                            : StateStore.of(monitorContext, Ticker.system());
            AdoptionWarmup adoptionWarmup =
                    look.isPresent() ? look.get().adoptionWarmup() : new AdoptionWarmup();
            SpecResult.Valid decided = stateStore.scaled(valid);
            stateStore.begin(decided.bundle());
            SocketFile socket =
                    SocketFile.bind(
                            monitorContext.socket(), spec.control(), new InheritedListener());
            Handover handover =
                    new Handover(folder, socket, decided.spec(), passedOn(decided.spec()));
            return monitorContext.options().role() == RunOptions.Role.PAIR_FROM_BACKUP
                    ? backup(monitorContext, stateStore, adoptionWarmup).begin(handover)
                    : new Primary(monitorContext, stateStore, adoptionWarmup, err)
                            .run(handover, PrimaryStart.Reason.BY_COMMAND, SignalHandlers::takeEnd);
        }
    }

    /** The sockets of a service manager; without pools, none is needed. */
    private ListenerStore passedOn(MonitorSpec spec) {
        return spec.pools().isEmpty()
                ? new ListenerStore()
                : ListenerStore.ofServiceManager(environment, CurrentProcess.pid());
    }

    /** Takes over from other monitors, which were killed for it. */
    private static void protect(
            StateFolder folder, MonitorContext monitorContext, Optional<String> group)
            throws IOException {
        if (monitorContext.options().takesOver()) {
            folder.protectFurther(group);
        } else {
            folder.protect(group);
        }
    }

    private int follow(MonitorContext monitorContext) throws IOException {
        ServerSocketChannel listening =
                InheritedListener.inherited()
                        .orElseThrow(
                                () -> new IOException("the standard input is no listening socket"));
        SocketFile socket =
                SocketFile.inherited(monitorContext.socket(), listening, new InheritedListener());
        try (InstanceLock _ = InstanceLock.join(monitorContext.state());
                BackgroundStream log = new BackgroundStream(stderr())) {
            logTo(log);
            StateStore stateStore = StateStore.of(monitorContext, Ticker.system());
            MonitorSpec spec = stateStore.spec(stateStore.configuration());
            OptionalInt number = monitorContext.options().listeners();
            ListenerStore listeners =
                    number.isPresent()
                            ? ListenerStore.inherited(number.getAsInt())
                            : new ListenerStore();
            OptionalInt primary = monitorContext.options().standbyFor();
            if (primary.isPresent()) {
                return backup(monitorContext, stateStore, new AdoptionWarmup())
                        .stand(socket, primary.getAsInt(), listeners);
            }
            Thread.ofPlatform()
                    .daemon()
                    .name("descriptors")
                    .start(() -> DescriptorNeeds.makeRoomFor(spec));
            int lock = monitorContext.options().inherited().orElseThrow();
            StateFolder folder =
                    StateFolder.inherit(monitorContext.state(), monitorContext.uid(), lock);
            folder.protectFurther(spec.control().socketGroup());
            socket.follow(spec.control());
            return new Primary(monitorContext, stateStore, new AdoptionWarmup(), err)
                    .run(
                            new Handover(folder, socket, spec, listeners),
                            monitorContext.options().renewed()
                                    ? PrimaryStart.Reason.BY_COMMAND
                                    : PrimaryStart.Reason.BY_MONITOR,
                            SignalHandlers::takeEnd);
        }
    }

    /** Becomes the primary once its own primary has exited. */
    private Backup backup(
            MonitorContext monitorContext, StateStore stateStore, AdoptionWarmup adoptionWarmup) {
        Primary successor = new Primary(monitorContext, stateStore, adoptionWarmup, err);
        return new Backup(
                monitorContext,
                stateStore,
                adoptionWarmup,
                (handover, endsAtOnce) ->
                        successor.run(handover, PrimaryStart.Reason.TAKEOVER, endsAtOnce));
    }

    private static FileOutputStream stderr() {
        return new FileOutputStream(FileDescriptor.err);
    }

    private static void logTo(BackgroundStream stream) {
        System.setErr(new PrintStream(stream, true, StandardCharsets.UTF_8));
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
