package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.DatagramInbox.Message;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.StandardStreams;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup's watchdog for a primary that is alive but does nothing: it is notified by the primary
 * that its loop is stalled, and sees clients that the primary does not accept. A loop stalled for
 * long is killed with SIGKILL; the backup takes over only from a dead primary, never from a silent
 * one. A primary that accepts no clients, or that a signal has stopped, is only reported.
 *
 * <p>One platform thread, which sleeps for ever while the primary is healthy.
 */
public final class PrimaryWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");
    private static final int INBOX = 1;
    private static final int CLIENTS = 2;

    private final Path socket;
    private final Supplier<Optional<PrimaryHandle>> primary;
    private final Ticker ticker;
    private final DatagramInbox inbox;
    private final Poller poller;
    private final Descriptor clients;
    private final Thread thread;
    private volatile boolean closed;

    /** While the primary's loop is known to be stalled. */
    private @Nullable StallTracker loop;

    /** While a client waits to be accepted. */
    private @Nullable StallTracker door;

    private boolean isDoorWatched;
    private Ticks lastLook;

    private PrimaryWatchdog(
            Path socket,
            Supplier<Optional<PrimaryHandle>> primary,
            Ticker ticker,
            DatagramInbox inbox) {
        this.socket = socket;
        this.primary = primary;
        this.ticker = ticker;
        this.inbox = inbox;
        this.poller = Poller.open();
        this.clients = StandardStreams.copyOfInput();
        this.lastLook = ticker.now();
        this.thread = Thread.ofPlatform().daemon().name("primary-watchdog").unstarted(this::run);
    }

    /**
     * Starts to watch.
     *
     * @param state the state directory
     * @param primary the pid of the primary; may change
     * @return empty if that cannot be done, which is logged
     */
    static Optional<PrimaryWatchdog> start(
            Path state, Supplier<Optional<PrimaryHandle>> primary, Ticker ticker) {
        Path socket = socket(state);
        switch (DatagramInbox.open(BytePath.text(socket), OptionalInt.empty())) {
            case DatagramInbox.Result.Opened opened -> {
                PrimaryWatchdog watchdog =
                        new PrimaryWatchdog(socket, primary, ticker, opened.inbox());
                watchdog.thread.start();
                return Optional.of(watchdog);
            }
            case DatagramInbox.Result.NotOpened not -> {
                LOG.atWarn()
                        .addKeyValue("socket", socket)
                        .addKeyValue("reason", not.errno().words())
                        .log("cannot watch the primary's loop");
                return Optional.empty();
            }
        }
    }

    /** The socket on which the primary reports that its loop is stalled. */
    public static Path socket(Path state) {
        return state.resolve("watchdog");
    }

    private void run() {
        int[] keys = new int[2];
        poller.add(inbox.descriptor(), INBOX);
        isDoorWatched = poller.add(clients, CLIENTS);
        while (!closed) {
            boolean isWell = loop == null && door == null;
            int count = isWell ? poller.await(keys) : poller.await(keys, StallTracker.LOOK);
            for (int i = 0; i < count; i++) {
                if (keys[i] == CLIENTS) {
                    // The next check shows whether it waits for long; the poller would report it
                    // for ever.
                    poller.remove(clients);
                    isDoorWatched = false;
                    if (door == null) {
                        door = new StallTracker(false);
                        begin();
                    }
                }
            }
            readMessages();
            Duration since = ticker.now().since(lastLook);
            if (since.compareTo(StallTracker.LOOK) >= 0) {
                lastLook = ticker.now();
                look(since);
            }
        }
        poller.close();
        inbox.close();
        clients.close();
    }

    private void begin() {
        if (loop == null || door == null) {
            lastLook = ticker.now();
        }
    }

    private void readMessages() {
        int pid = primary.get().map(PrimaryHandle::pid).orElse(0);
        for (Optional<Message> next = inbox.receive(); next.isPresent(); next = inbox.receive()) {
            Message message = next.get();
            if (message.pid() != pid) {
                LOG.atDebug()
                        .addKeyValue("pid", message.pid())
                        .log("ignoring a process that is not the primary");
            } else if (message.text().equals(StallReporter.MOVES)) {
                loop = null;
            } else if (loop == null) {
                loop = new StallTracker(true);
                begin();
            }
        }
    }

    private void look(Duration since) {
        Optional<PrimaryHandle> ward = primary.get();
        StallTracker atDoor = door;
        if (atDoor != null && !isSomebodyAtTheDoor()) {
            atDoor = null;
            door = null;
        }
        if (ward.isEmpty() || (loop == null && atDoor == null)) {
            return;
        }
        int pid = ward.get().pid();
        Optional<String> stopped = whyItCannotRun(pid);
        StallTracker.Verdict ofLoop =
                loop == null ? StallTracker.Verdict.NOTHING : loop.look(since, stopped);
        StallTracker.Verdict ofDoor =
                atDoor == null ? StallTracker.Verdict.NOTHING : atDoor.look(since, stopped);
        if (ofLoop == StallTracker.Verdict.REPORT_STOPPED
                || ofDoor == StallTracker.Verdict.REPORT_STOPPED) {
            LOG.atWarn()
                    .addKeyValue("pid", pid)
                    .addKeyValue("cause", stopped.orElse("stopped"))
                    .log("the primary is stopped, nothing is supervised until it continues");
        }
        if (ofDoor == StallTracker.Verdict.REPORT) {
            LOG.atWarn().addKeyValue("pid", pid).log("the primary does not accept connections");
        }
        if (ofLoop == StallTracker.Verdict.REPORT) {
            LOG.atWarn()
                    .addKeyValue("pid", pid)
                    .log("the primary's loop stands still, it may be killed soon");
        }
        if (ofLoop == StallTracker.Verdict.KILL) {
            LOG.atError()
                    .addKeyValue("pid", pid)
                    .log("killing the primary, its loop stands still while messages wait");
            loop = null;
            ward.get().signal(Signal.KILL.number());
        }
    }

    private boolean isSomebodyAtTheDoor() {
        if (!isDoorWatched) {
            isDoorWatched = poller.add(clients, CLIENTS);
        }
        int[] keys = new int[2];
        int count = poller.look(keys);
        for (int i = 0; i < count; i++) {
            if (keys[i] == CLIENTS) {
                poller.remove(clients);
                isDoorWatched = false;
                return true;
            }
        }
        return false;
    }

    /** Why it cannot run, in words; empty if it can. */
    static Optional<String> whyItCannotRun(int pid) {
        char state = ProcessStat.of(pid).map(ProcessStat::state).orElse('S');
        if (state == 'T') {
            return Optional.of("stopped by a signal (SIGCONT continues it)");
        }
        if (state == 't') {
            return Optional.of("stopped by a debugger");
        }
        return isFrozen(pid) ? Optional.of("in a frozen cgroup") : Optional.empty();
    }

    private static boolean isFrozen(int pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
                if (line.startsWith("0::")) {
                    Path events = Path.of("/sys/fs/cgroup" + line.substring(3), "cgroup.events");
                    return Files.readAllLines(events).contains("frozen 1");
                }
            }
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("pid", pid)
                    .addKeyValue("reason", e.toString())
                    .log("cannot see whether a process is frozen");
        }
        return false;
    }

    /** Stops the watchdog, and waits for that. */
    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
        try {
            thread.join();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("socket", socket)
                    .addKeyValue("reason", e.toString())
                    .log("cannot remove a socket");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
