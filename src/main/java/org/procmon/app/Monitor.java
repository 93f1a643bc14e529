package org.procmon.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.Ports;
import org.procmon.control.server.Upgrader;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Reaper;
import org.procmon.output.Outputs;
import org.procmon.posix.Accounts;
import org.procmon.posix.DescriptorLimit;
import org.procmon.posix.Self;
import org.procmon.posix.Signals;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.Problem;
import org.procmon.spec.SpecReader;
import org.procmon.spec.SpecResult;
import org.procmon.supervise.Command;
import org.procmon.supervise.Loop;
import org.procmon.supervise.Reply;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Snapshot.MonitorView;
import org.procmon.supervise.Ticker;

/** The monitor: puts the rooms of the house together and runs the loop on the calling thread. */
final class Monitor {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BUG = 70;
    private static final int CONFIGURATION_INVALID = 78;

    /** How long clients are given to take the answers that they are owed. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final int INIT = 1;
    private static final String FIFOS = "fifo";
    private static final int OTHER_DESCRIPTORS = 200;

    private final PrintStream err;
    private final Map<String, String> environment;

    Monitor(PrintStream err, Map<String, String> environment) {
        this.err = err;
        this.environment = environment;
    }

    /**
     * Supervises the processes of a file until a shutdown is complete.
     *
     * @param stateDir the state folder that was asked for; the user's default when empty
     * @param verbose whether the log tells every transition
     * @return the exit code
     */
    int run(Path file, Optional<Path> stateDir, boolean verbose) {
        return switch (SpecReader.read(file, environment)) {
            case SpecResult.Invalid invalid -> {
                for (Problem problem : invalid.problems()) {
                    err.println(problem);
                }
                err.println(
                        "procmon: cannot run " + file + ": it has problems, nothing was started");
                yield CONFIGURATION_INVALID;
            }
            case SpecResult.Valid valid -> run(file, valid.spec(), stateDir, verbose);
        };
    }

    private int run(Path file, MonitorSpec spec, Optional<Path> stateDir, boolean verbose) {
        int uid = Self.uid();
        Path folder = SocketLocation.stateFolder(stateDir, environment, uid);
        try (StateFolder state = StateFolder.open(folder, uid, spec.control().socketGroup());
                BackgroundStream log =
                        new BackgroundStream(new FileOutputStream(FileDescriptor.err))) {
            logTo(log, verbose);
            supervise(file, spec, state, logFolder(spec, state, stateDir, uid));
            return DONE;
        } catch (IOException e) {
            err.println("procmon: cannot run " + file + ": " + e.getMessage());
            return FAILED;
        }
    }

    private void supervise(Path file, MonitorSpec spec, StateFolder state, Path logs)
            throws IOException {
        Signals.keepEndedChildren();
        Self.becomeSubreaper();
        Ticker ticker = Ticker.system();
        Reaper reaper = new Reaper();
        Outputs outputs = outputs(spec, state, logs);
        PosixLauncher launcher = new PosixLauncher(reaper, outputs, childEnvironment(state));
        Past past = Past.of(state.path(), ticker, file);
        MonitorView self =
                new MonitorView(
                        Snapshot.PRIMARY,
                        Self.pid(),
                        past.runs(),
                        ticker.now(),
                        "procmon -F " + file);
        Loop loop =
                new Loop(
                        past.beginning(spec),
                        self,
                        launcher,
                        ticker,
                        new ChangeLog(),
                        past.journal());
        ControlServer server =
                ControlServer.open(
                        state.path().resolve(SocketLocation.SOCKET),
                        spec.control(),
                        new Ports(loop, new CapturedOutput(outputs), Upgrader.NONE),
                        Accounts::isMember);
        try {
            obeySignals(loop, reaper, outputs);
            Thread.ofPlatform()
                    .daemon()
                    .name("reaper")
                    .uncaughtExceptionHandler(this::bug)
                    .start(() -> reaper.reapFor(loop));
            loop.run();
            outputs.drainAndClose();
            past.ended();
            // Who waits for the shutdown waits for its connection to end, and may then start
            // another monitor.
            state.close();
            server.stop(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }

    /** Two fifos for each process, and some descriptors for everything else. */
    private Outputs outputs(MonitorSpec spec, StateFolder state, Path logs) {
        long needed = spec.processes().size() * 2L + OTHER_DESCRIPTORS;
        if (needed > DescriptorLimit.soft()) {
            DescriptorLimit.raise(needed);
        }
        Outputs outputs = new Outputs(state.path().toAbsolutePath().resolve(FIFOS), logs);
        outputs.start(this::bug);
        outputs.resume(spec.processes());
        return outputs;
    }

    /** A command or a responder that runs as a child finds this monitor. */
    private Map<String, String> childEnvironment(StateFolder state) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(SocketLocation.VARIABLE, state.path().toAbsolutePath().toString());
        return all;
    }

    private static void obeySignals(Loop loop, Reaper reaper, Outputs outputs) {
        SignalHandlers.on("USR1", () -> reopen(outputs));
        SignalHandlers.on("TERM", () -> shutDown(loop, "SIGTERM"));
        SignalHandlers.on("INT", () -> shutDown(loop, "SIGINT"));
        SignalHandlers.on(
                "HUP", () -> SignalHandlers.LOG.warn("SIGHUP: this version does not reload"));
        if (Self.pid() == INIT) {
            // Only to pid 1 may strangers be left while it has no child to wait for.
            SignalHandlers.on("CHLD", reaper::lookAgain);
        }
    }

    /** What programs that rotate logs send after they have moved them. */
    private static void reopen(Outputs outputs) {
        try {
            outputs.reopen();
            SignalHandlers.LOG.info("SIGUSR1: opened the log files anew");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shutDown(Loop loop, String signal) {
        boolean again = loop.snapshot().shuttingDown();
        SignalHandlers.LOG.info("{}: {}", signal, again ? "killing what is left" : "shutting down");
        // Nobody waits for this reply: the loop ends by itself when all is down.
        CompletableFuture<Reply> _ = loop.submit(new Command.Shutdown());
    }

    /** Children go on without their monitor; a monitor that no longer sees them is no monitor. */
    private void bug(Thread thread, Throwable bug) {
        bug.printStackTrace(err);
        err.println("procmon: cannot go on: thread " + thread.getName() + " failed");
        Runtime.getRuntime().halt(BUG);
    }

    private static void logTo(BackgroundStream stream, boolean verbose) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "info");
        System.setErr(new PrintStream(stream, true, StandardCharsets.UTF_8));
    }

    /**
     * The folder for the children's output; while it cannot be made, their output is lost, and said
     * so.
     */
    private Path logFolder(MonitorSpec spec, StateFolder state, Optional<Path> stateDir, int uid) {
        Path folder =
                spec.outputFolder().orElseGet(() -> logPath(state, stateDir, uid)).toAbsolutePath();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            err.println("procmon: cannot make the log folder " + folder + ": " + e);
        }
        return folder;
    }

    private Path logPath(StateFolder state, Optional<Path> stateDir, int uid) {
        if (stateDir.isPresent() || environment.containsKey(SocketLocation.VARIABLE)) {
            return state.path().resolve("log");
        }
        if (uid == 0) {
            return Path.of("/var/log/procmon");
        }
        String home = environment.getOrDefault("HOME", "/tmp");
        return Path.of(
                environment.getOrDefault("XDG_STATE_HOME", home + "/.local/state"), "procmon");
    }
}
