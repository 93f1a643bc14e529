package org.procmon.pair;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.ControlSpec;
import org.procmon.control.server.SocketFile;
import org.procmon.lifecycle.Run;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileNames;
import org.procmon.posix.Processes;
import org.procmon.posix.UnixListener;
import org.procmon.status.ProcessView;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a state directory again that was removed or replaced under this primary, as far as that is
 * possible while the loop runs: the directory, locked, the configuration, a new listening socket.
 * Then it makes the loop return. The records of the processes belong to the loop, and follow on its
 * thread.
 */
public final class StateRestorer {
    private static final Logger LOG = LoggerFactory.getLogger("state");
    private static final String NOTIFY_VARIABLE = "NOTIFY_SOCKET";

    /** What belongs to the directory's owner, if another directory is there. */
    private static final List<String> ENTRIES =
            List.of(
                    "journal",
                    "fifo",
                    "configuration",
                    "monitor.json",
                    "ended.json",
                    "notify",
                    "ready",
                    "started",
                    "errand");

    private final MonitorContext monitorContext;
    private final StateFolder folder;
    private final SocketFile socket;
    private final ControlSpec control;
    private final StateStore stateStore;
    private final EventLoop eventLoop;

    private volatile Optional<Restored> restored = Optional.empty();

    /**
     * The present state.
     *
     * @param cause why it had to be made, in words
     * @param listening a new listening socket; empty if the old one still is at its path
     */
    public record Restored(String cause, Optional<Descriptor> listening) {}

    public StateRestorer(
            MonitorContext monitorContext,
            StateFolder folder,
            SocketFile socket,
            ControlSpec control,
            StateStore stateStore,
            EventLoop eventLoop) {
        this.monitorContext = monitorContext;
        this.folder = folder;
        this.socket = socket;
        this.control = control;
        this.stateStore = stateStore;
        this.eventLoop = eventLoop;
    }

    /** What was made, once the loop has returned because of it. */
    public Optional<Restored> restored() {
        return restored;
    }

    /**
     * Makes it, and makes the loop return. Blocks; platform threads only.
     *
     * @throws IOException if it cannot be made; the loop then continues
     */
    public void restore(String cause) throws IOException {
        if (!Files.isExecutable(monitorContext.program())) {
            throw new IOException("cannot execute '" + monitorContext.program() + "'");
        }
        if (!folder.isInPlace()) {
            folder.restore(monitorContext.uid());
            setAside();
        }
        folder.restore(monitorContext.uid());
        folder.protectFurther(control.socketGroup());
        Optional<String> unkept =
                StateStore.of(monitorContext, Ticker.system())
                        .keepConfiguration(stateStore.acceptedLast());
        if (unkept.isPresent()) {
            throw new IOException(unkept.get());
        }
        rememberInboxes();
        Optional<Descriptor> listening =
                socket.isInPlace()
                        ? Optional.empty()
                        : Optional.of(listen(monitorContext, control));
        restored = Optional.of(new Restored(cause, listening));
        eventLoop.leave();
    }

    /**
     * Removes the socket that was made while the loop was returning, so that no program uses it.
     */
    public void remove() throws IOException {
        if (restored.flatMap(Restored::listening).isPresent()) {
            Files.deleteIfExists(monitorContext.socket());
        }
    }

    /** Listens at the socket's path, for a program that this process is about to execute. */
    static Descriptor listen(MonitorContext monitorContext, ControlSpec control)
            throws IOException {
        Handed port = new Handed();
        SocketFile.bind(monitorContext.socket(), control, port);
        return port.listening.orElseThrow();
    }

    /** Keeps the listening socket itself, instead of the JDK's object for it. */
    private static final class Handed implements SocketFile.Port {
        private Optional<Descriptor> listening = Optional.empty();

        @Override
        public ServerSocketChannel listen(Path path, int backlog) throws IOException {
            return switch (UnixListener.listen(BytePath.text(path), backlog)) {
                case UnixListener.Result.Listening made -> {
                    listening = Optional.of(made.socket());
                    yield ServerSocketChannel.open();
                }
                case UnixListener.Result.NotListening failed ->
                        throw new IOException(failed.errno().words());
            };
        }

        @Override
        public void close(ServerSocketChannel channel) throws IOException {
            channel.close();
            listening.ifPresent(Descriptor::close);
        }
    }

    /** Keeps what another program has put at the directory's path, but moves it out of use. */
    private void setAside() throws IOException {
        Path aside = monitorContext.state().resolve("replaced");
        for (int i = 1; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
            aside = monitorContext.state().resolve("replaced." + i);
        }
        for (String name : ENTRIES) {
            Path entry = monitorContext.state().resolve(name);
            if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(aside);
                Files.move(entry, aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                LOG.atError()
                        .addKeyValue("path", entry)
                        .addKeyValue("moved_to", aside)
                        .log("moved a foreign file away");
            }
        }
    }

    /**
     * Runs keep sending their messages to the path that they were given: the next program finds it
     * by a file there.
     */
    private void rememberInboxes() {
        Path sockets = monitorContext.state().resolve("notify");
        for (ProcessView view : eventLoop.snapshot().processes()) {
            Optional<Run> run = view.process().state().run();
            if (run.isPresent()) {
                Map<String, String> variables =
                        Processes.beginning(run.get().pid(), Set.of(NOTIFY_VARIABLE));
                Path path = BytePath.of(variables.getOrDefault(NOTIFY_VARIABLE, ""));
                if (sockets.equals(path.getParent())) {
                    remember(path, run.get().pid());
                }
            }
        }
    }

    private static void remember(Path path, int pid) {
        try {
            Files.createDirectories(path.getParent());
            FileNames.remove(BytePath.text(path));
            Files.createFile(path);
            Object owner = Files.getAttribute(Path.of("/proc", Integer.toString(pid)), "unix:uid");
            Files.setAttribute(path, "unix:uid", owner);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.toString())
                    .log("cannot restore a socket path");
        }
    }
}
