package org.procmon.pair;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.control.server.ControlServer;
import org.procmon.launch.Reaper;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Environment;
import org.procmon.posix.Errno;
import org.procmon.posix.ProgramReplacement;
import org.procmon.posix.StandardStreams;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.Upgrader;

/**
 * Replaces this program by the installed version in the same process: its children stay its
 * children, and no other monitor can take over meanwhile. If the new program fails to start, the
 * backup takes over with the old one.
 */
public final class InPlaceUpgrade implements Upgrader {
    private static final int FAILED = 1;

    /** How long clients may take to read the replies that are due to them. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(1);

    private final MonitorContext monitorContext;
    private final EventLoop eventLoop;

    public InPlaceUpgrade(MonitorContext monitorContext, EventLoop eventLoop) {
        this.monitorContext = monitorContext;
        this.eventLoop = eventLoop;
    }

    @Override
    public Outcome prepare() {
        Path program = monitorContext.program();
        if (!Files.isExecutable(program)) {
            return new Outcome.Refused("cannot execute '" + program + "'");
        }
        if (eventLoop.snapshot().shuttingDown()) {
            return new Outcome.Refused("the monitor is shutting down");
        }
        return new Outcome.Ready(eventLoop::leave);
    }

    /**
     * Becomes the installed program after the loop has returned; on the loop's thread. The next
     * program knows everything that is known now: from the journal, or as the parent of whatever
     * exits from now on.
     *
     * @param restored what of the state directory was made again; the backup then stays, since it
     *     has the same version
     * @return the exit code, if the program cannot be executed
     */
    public int giveWay(
            StateFolder folder,
            ListenerStore listeners,
            ControlServer server,
            Reaper reaper,
            OutputCapture outputCapture,
            Optional<StateRestorer.Restored> restored)
            throws InterruptedException {
        SignalHandlers.LOG
                .atInfo()
                .addKeyValue("program", monitorContext.program())
                .log("executing");
        reaper.retire();
        eventLoop.settle();
        OutputDrain.drain(outputCapture);
        Descriptor listening =
                restored.flatMap(r -> r.listening()).orElseGet(StandardStreams::copyOfInput);
        server.handOver(REPLY_TIMEOUT);
        StandardStreams.setInput(listening);
        return restored.isPresent()
                ? execute(monitorContext, folder, listeners)
                : execute(monitorContext, folder, listeners, "--renewed");
    }

    /**
     * Becomes a primary by executing the installed program, with the standard input as its
     * listening socket.
     *
     * @return the exit code, if it cannot be executed
     */
    static int execute(
            MonitorContext monitorContext,
            StateFolder folder,
            ListenerStore listeners,
            String... more) {
        Descriptor lock = folder.lockDescriptor();
        List<Descriptor> kept = new ArrayList<>(List.of(lock));
        List<String> options = new ArrayList<>(List.of(more));
        if (!listeners.isEmpty()) {
            listeners
                    .handOver()
                    .ifPresent(passed -> {
                        kept.add(passed);
                        options.add("--listeners");
                        options.add(Integer.toString(passed.number()));
                    });
        }
        options.add("--inherited");
        options.add(Integer.toString(lock.number()));
        List<String> command = monitorContext.command(options.toArray(String[]::new));
        Errno errno =
                ProgramReplacement.replace(
                        command,
                        Environment.of(monitorContext.environment()),
                        Map.of(),
                        SignalHandlers.blocked(),
                        kept);
        SignalHandlers.LOG
                .atError()
                .addKeyValue("program", monitorContext.program())
                .addKeyValue("reason", errno.words())
                .log("cannot execute");
        return FAILED;
    }
}
