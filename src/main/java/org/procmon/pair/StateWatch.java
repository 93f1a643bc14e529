package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.procmon.bytes.BytePath;
import org.procmon.control.server.SocketFile;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Inotify;
import org.procmon.posix.Poller;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the paths of the state directory, its lock and the control socket while this process is
 * the primary, by inotify and the kernel's mount table: clients and other monitors find this one by
 * these paths. Whatever is missing is made again.
 *
 * <p>A lock file is made again immediately. For everything else, a {@link StateRestorer} prepares
 * the directory and the loop returns, after which this process executes its program again, as for
 * an upgrade: that makes everything that belongs in the directory.
 *
 * <p>A thread of its own, which does not wake while nothing happens. Only where the kernel gives
 * this user no inotify, it polls every few seconds.
 */
public final class StateWatch {
    private static final Logger LOG = LoggerFactory.getLogger("state");

    /** A program that removes a directory first removes its contents; the watch lets it finish. */
    private static final Duration QUIET = Duration.ofMillis(20);

    private static final int MOST_PAUSES = 10;

    /** The directory is made again at most this often. */
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** How often the paths are polled where the kernel gives no inotify. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** A disk may hold up the repair for longer; then no thread waits for it. */
    private static final Duration MAKING = Duration.ofSeconds(5);

    private static final int EVENTS = 0;
    private static final int MOUNTS = 1;

    /** What the next monitor needs; it exists from the start, and is never removed. */
    private static final Set<String> CONTENT = Set.of("journal", "fifo", "configuration");

    private final MonitorContext monitorContext;
    private final StateFolder folder;
    private final SocketFile socket;
    private final Restorer restorer;
    private final EventLog eventLog;
    private final Ticker ticker;
    private final Ticks begun;

    /** Held by the thread that makes anything again, and for good once the watch is over. */
    private final Semaphore making = new Semaphore(1);

    /** Names that were seen to disappear. */
    private final Set<String> gone = new TreeSet<>();

    /** Whether disappearing names are seen; otherwise all are looked for. */
    private boolean seesNames = true;

    /** The last message, so that it is logged once. */
    private String lastMessage = "";

    /** Makes everything again that belongs in the directory, except its lock file. */
    public interface Restorer {
        /**
         * Makes it.
         *
         * @param cause why, in words
         * @throws IOException if it cannot be made
         */
        void restore(String cause) throws IOException;
    }

    public StateWatch(
            MonitorContext monitorContext,
            StateFolder folder,
            SocketFile socket,
            Restorer restorer,
            EventLog eventLog,
            Ticker ticker) {
        this.monitorContext = monitorContext;
        this.folder = folder;
        this.socket = socket;
        this.restorer = restorer;
        this.eventLog = eventLog;
        this.ticker = ticker;
        this.begun = ticker.now();
    }

    /**
     * Starts to watch.
     *
     * @param bugs is notified if the thread fails, which is a bug
     */
    public Thread start(Thread.UncaughtExceptionHandler bugs) {
        return Thread.ofPlatform()
                .daemon()
                .name("state-watch")
                .uncaughtExceptionHandler(bugs)
                .start(this::run);
    }

    /**
     * From now on nothing is made again: a monitor that exits removes its own files. Waits for a
     * repair in progress.
     */
    public void end() throws InterruptedException {
        boolean _ = making.tryAcquire(MAKING.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        Poller poller = Poller.open();
        Optional<Inotify> inotify = Optional.empty();
        if (Inotify.open() instanceof Inotify.Result.Opened opened) {
            inotify = Optional.of(opened.inotify());
            poller.add(opened.inotify().descriptor(), EVENTS);
        } else {
            LOG.atWarn()
                    .addKeyValue("state", monitorContext.state())
                    .addKeyValue("seconds", BETWEEN_LOOKS.toSeconds())
                    .addKeyValue("reason", "this user has no more inotify instances")
                    .addKeyValue("advice", "raise fs.inotify.max_user_instances")
                    .log("cannot watch the state directory, polling it instead");
            seesNames = false;
        }
        if (Descriptor.read("/proc/self/mountinfo") instanceof Descriptor.Result.Opened mounts) {
            poller.addExceptional(mounts.descriptor(), MOUNTS);
        }
        watch(inotify, poller);
    }

    private void watch(Optional<Inotify> inotify, Poller poller) {
        int[] keys = new int[2];
        boolean left = false;
        inotify.ifPresent(this::watchPaths);
        while (!left) {
            if (!isInPlace()) {
                left = restore(poller, keys);
                inotify.ifPresent(this::watchPaths);
                if (!left && isInPlace()) {
                    continue;
                }
            }
            if (!left && inotify.isPresent()) {
                poller.await(keys);
                settle(inotify.get(), poller, keys);
            } else if (!left) {
                poller.await(keys, BETWEEN_LOOKS);
            }
        }
    }

    /** Waits until nothing more happens for a moment, but not for long. */
    private void settle(Inotify inotify, Poller poller, int[] keys) {
        for (int i = 0; i < MOST_PAUSES; i++) {
            for (Inotify.Event event : inotify.read()) {
                if (event.kind() == Inotify.Kind.GONE) {
                    gone.add(event.name());
                }
            }
            if (poller.await(keys, QUIET) == 0) {
                return;
            }
        }
    }

    /**
     * The directory with its contents, and the directories above it; the latter also hold other
     * files, and are watched once the directory is missing.
     */
    private void watchPaths(Inotify inotify) {
        inotify.watch(BytePath.text(monitorContext.state()), Inotify.Scope.NAMES);
        Path above = monitorContext.state().getParent();
        if (above != null && !folder.isInPlace()) {
            inotify.watch(BytePath.text(above), Inotify.Scope.NAMES);
        }
        while (above != null) {
            inotify.watch(BytePath.text(above), Inotify.Scope.ITSELF);
            above = above.getParent();
        }
    }

    private boolean isInPlace() {
        return folder.isInPlace()
                && folder.isLockInPlace()
                && socket.isInPlace()
                && missing().isEmpty();
    }

    private Set<String> missing() {
        gone.retainAll(CONTENT);
        if (!seesNames) {
            gone.addAll(CONTENT);
        }
        gone.removeIf(name ->
                Files.exists(monitorContext.state().resolve(name), LinkOption.NOFOLLOW_LINKS));
        return gone;
    }

    /** Whether nothing is left to watch. */
    private boolean restore(Poller poller, int[] keys) {
        Duration age = ticker.now().since(begun);
        if (!isLockAlone() && age.compareTo(BETWEEN) < 0) {
            poller.await(keys, BETWEEN.minus(age));
        }
        if (isInPlace()) {
            return false;
        }
        if (!making.tryAcquire()) {
            return true;
        }
        try {
            return makeAgain();
        } finally {
            making.release();
        }
    }

    private boolean isLockAlone() {
        return folder.isInPlace() && socket.isInPlace() && missing().isEmpty();
    }

    /** Whether this process is to execute its program again. */
    private boolean makeAgain() {
        String what = whatIsGone();
        try {
            if (isLockAlone()) {
                LOG.atError().addKeyValue("cause", what).log("restoring the lock file");
                folder.restore(monitorContext.uid());
                note("restored the lock file", what);
                return false;
            }
            LOG.atError().addKeyValue("cause", what).log("restoring the state directory");
            restorer.restore(what);
            gone.clear();
            return true;
        } catch (IOException e) {
            String reason = e.getMessage();
            if (!lastMessage.equals(reason)) {
                lastMessage = String.valueOf(reason);
                LOG.atError()
                        .addKeyValue("state", monitorContext.state())
                        .addKeyValue("reason", reason)
                        .addKeyValue(
                                "effect",
                                "the processes keep running, but commands may not reach this monitor, and the next one does not know of them")
                        .log("cannot restore the state directory");
                note("cannot restore the state folder", what + "; " + reason);
            }
            return false;
        }
    }

    private void note(String event, String cause) {
        eventLog.add(new MonitorEvent.OfMonitor(Snapshot.PRIMARY, event, cause));
    }

    private String whatIsGone() {
        if (!folder.isInPlace()) {
            return "the state folder " + monitorContext.state() + was(monitorContext.state());
        }
        List<String> all = new ArrayList<>();
        if (!folder.isLockInPlace()) {
            all.add("the lock file" + was(monitorContext.state().resolve("lock")));
        }
        if (!socket.isInPlace()) {
            all.add("the control socket" + was(monitorContext.socket()));
        }
        missing().forEach(name -> all.add(name + " was removed"));
        return String.join(", ", all) + " (in the state folder " + monitorContext.state() + ")";
    }

    private static String was(Path path) {
        return Optional.of(path)
                .filter(p -> Files.exists(p, LinkOption.NOFOLLOW_LINKS))
                .map(_ -> " was replaced")
                .orElse(" was removed");
    }
}
