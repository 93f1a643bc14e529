package org.procmon.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.Upgrader;
import org.procmon.launch.Reaper;
import org.procmon.output.Outputs;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Environment;
import org.procmon.posix.Errno;
import org.procmon.posix.Exec;
import org.procmon.posix.StandardStreams;
import org.procmon.supervise.Loop;

/**
 * Replaces this program by the one that is installed now, in the same process: its children stay
 * its children, and nobody else can take its place meanwhile. Should the new program fail to come
 * up, the backup takes over with the old one.
 */
final class Renewal implements Upgrader {
    private static final int FAILED = 1;

    /** How long clients are given to take the answers that they are owed. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Site site;
    private final Loop loop;

    Renewal(Site site, Loop loop) {
        this.site = site;
        this.loop = loop;
    }

    @Override
    public Outcome prepare() {
        Path program = site.program();
        if (!Files.isExecutable(program)) {
            return new Outcome.Refused("cannot execute '" + program + "'");
        }
        if (loop.snapshot().shuttingDown()) {
            return new Outcome.Refused("the monitor is shutting down");
        }
        return new Outcome.Ready(loop::leave);
    }

    /**
     * Becomes the installed program, once the loop was left; on its thread. The next one knows all
     * that is known now: from the journal, or as the parent of whatever ends from now on.
     *
     * @return the exit code, if the program cannot be executed
     */
    int giveWay(StateFolder folder, ControlServer server, Reaper reaper, Outputs outputs)
            throws InterruptedException {
        SignalHandlers.LOG.info("giving way to {}", site.program());
        reaper.retire();
        loop.settle();
        outputs.drainAndClose();
        Descriptor listening = StandardStreams.copyOfInput();
        server.handOver(FAREWELL);
        StandardStreams.setInput(listening);
        Descriptor lock = folder.lockDescriptor();
        List<String> command =
                site.command("--inherited", Integer.toString(lock.number()), "--renewed");
        Errno errno =
                Exec.replace(command, Environment.of(site.environment()), Map.of(), List.of(lock));
        SignalHandlers.LOG.error("cannot execute '{}': {}", site.program(), errno.words());
        return FAILED;
    }
}
