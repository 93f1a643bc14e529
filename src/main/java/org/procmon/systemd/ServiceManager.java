package org.procmon.systemd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.DatagramSender;
import org.procmon.posix.Errno;
import org.procmon.posix.MonotonicClock;
import org.procmon.posix.ProcessStat;
import org.procmon.reload.ReloadListener;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Heartbeat;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies the service manager that started the monitor, such as systemd: that it is ready, the
 * state of the processes, that it reloads, that it stops, and, as long as the loop moves, that it
 * is alive. Never blocks: a message that the socket does not take is lost, except for the few that
 * the service manager waits for. Any thread. Source: sd_notify(3).
 */
public final class ServiceManager implements Heartbeat, ReloadListener {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    /**
     * The interval between two checks of the processes' state, and before a message is sent again.
     */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Shorter watchdog intervals would keep a machine busy. */
    private static final Duration SHORTEST_BEAT = Duration.ofMillis(10);

    /** How long after the timeout of a stop step the next step must have started. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

    private static final int MOST_RETRIES = 60;

    private final NotifySettings settings;
    private final int mainPid;
    private final Ticker ticker;

    private boolean ready;
    private boolean stopping;

    /** Whether the service manager was notified of a reload and waits for its end. */
    private boolean reloading;

    private boolean complained;

    private String status = "";
    private List<ProcessView> seen = List.of();
    private Optional<Ticks> looked = Optional.empty();
    private Optional<Ticks> nextLook = Optional.empty();
    private Optional<Ticks> nextWatchdog = Optional.empty();
    private Optional<Ticks> extended = Optional.empty();

    /** The message that the service manager waits for and that could not be sent. */
    private Optional<String> unsent = Optional.empty();

    private Optional<Ticks> nextRetry = Optional.empty();
    private int retries;

    ServiceManager(NotifySettings settings, int mainPid, Ticker ticker) {
        this.settings = settings;
        this.mainPid = mainPid;
        this.ticker = ticker;
    }

    /** The one that the environment names; empty if there is none. */
    public static Optional<ServiceManager> of(Map<String, String> environment, Ticker ticker) {
        return NotifySettings.of(environment, CurrentProcess.pid())
                .map(known -> new ServiceManager(known, livingMain(known.mainPid()), ticker));
    }

    /** The process that takes over from the main process becomes the main process. */
    private static int livingMain(int pid) {
        return ProcessStat.of(pid).filter(stat -> !stat.hasEnded()).isPresent()
                ? pid
                : CurrentProcess.pid();
    }

    @Override
    public synchronized void beat(Snapshot snapshot) {
        Ticks now = ticker.now();
        retry(now);
        if (snapshot.shuttingDown()) {
            stop(snapshot, now);
        } else if (!ready) {
            ready = true;
            look(snapshot, now);
            sendReady(now);
        }
        tellStatus(snapshot, now);
        tellWatchdog(now);
    }

    @Override
    public synchronized Optional<Ticks> nextBeat() {
        return earlier(nextWatchdog, earlier(nextLook, nextRetry));
    }

    private static Optional<Ticks> earlier(Optional<Ticks> a, Optional<Ticks> b) {
        return a.isPresent() && b.isPresent()
                ? Optional.of(Ticks.earlier(a.get(), b.get()))
                : a.or(() -> b);
    }

    @Override
    public synchronized void reloadStarted() {
        if (ready && !stopping) {
            reloading = true;
            send("RELOADING=1\nMONOTONIC_USEC=" + MonotonicClock.micros());
        }
    }

    @Override
    public synchronized void reloadEnded() {
        if (reloading && !stopping) {
            sendReady(ticker.now());
        }
        reloading = false;
    }

    private void sendReady(Ticks now) {
        sendSurely("READY=1\nMAINPID=" + mainPid + "\nSTATUS=" + status, now);
    }

    private void stop(Snapshot snapshot, Ticks now) {
        if (!stopping) {
            stopping = true;
            look(snapshot, now);
            sendSurely("STOPPING=1\nSTATUS=" + status, now);
        }
        extendTimeout(snapshot, now);
    }

    /**
     * Stopping takes as long as the processes' timeouts allow. An extension is requested while a
     * stop plan runs; a process that outlives its plan is no reason to wait any longer.
     */
    private void extendTimeout(Snapshot snapshot, Ticks now) {
        Optional<Ticks> last =
                snapshot.processes().stream()
                        .flatMap(view -> stopDeadline(view).stream())
                        .max(Ticks::compareTo)
                        .map(deadline -> deadline.plus(STOP_MARGIN));
        boolean isNews =
                last.isPresent()
                        && (extended.isEmpty()
                                || last.get().since(extended.get()).compareTo(PAUSE) >= 0);
        if (isNews) {
            extended = last;
            long micros = last.get().since(now).toNanos() / 1000;
            send("EXTEND_TIMEOUT_USEC=" + Math.max(1, micros));
        }
    }

    private static Optional<Ticks> stopDeadline(ProcessView view) {
        if (!(view.process().state() instanceof Stopping stopping)) {
            return Optional.empty();
        }
        return stopping.sent() > view.spec().stop().steps().size()
                ? Optional.empty()
                : stopping.hook().isPresent()
                        ? stopping.deadline()
                        : Optional.of(stopping.patience()).filter(_ -> stopping.sent() > 0);
    }

    private void tellStatus(Snapshot snapshot, Ticks now) {
        if (looked.isPresent() && !now.hasReached(looked.get().plus(PAUSE))) {
            if (nextLook.isEmpty() && !isAsSeen(snapshot)) {
                nextLook = Optional.of(looked.get().plus(PAUSE));
            }
        } else if (!isAsSeen(snapshot) && look(snapshot, now)) {
            send("STATUS=" + status);
        } else {
            nextLook = Optional.empty();
        }
    }

    /** A view is the same object until something about its process changes. */
    private boolean isAsSeen(Snapshot snapshot) {
        List<ProcessView> views = snapshot.processes();
        boolean same = views.size() == seen.size();
        for (int i = 0; same && i < views.size(); i++) {
            same = isSame(views.get(i), seen.get(i));
        }
        return same;
    }

    @SuppressWarnings("ReferenceEquality") // the same object has no news, and it costs nothing
    private static boolean isSame(ProcessView a, ProcessView b) {
        return a == b;
    }

    /** Whether the status differs from the one before. */
    private boolean look(Snapshot snapshot, Ticks now) {
        seen = snapshot.processes();
        looked = Optional.of(now);
        nextLook = Optional.empty();
        String before = status;
        status = StatusSummary.of(snapshot);
        return !status.equals(before);
    }

    private void tellWatchdog(Ticks now) {
        if (settings.watchdog().isEmpty()) {
            return;
        }
        if (nextWatchdog.isEmpty() || now.hasReached(nextWatchdog.get())) {
            Duration half = settings.watchdog().get().dividedBy(2);
            Duration pause = half.compareTo(SHORTEST_BEAT) > 0 ? half : SHORTEST_BEAT;
            nextWatchdog = Optional.of(now.plus(pause));
            send("WATCHDOG=1");
        }
    }

    /** Sends what the service manager waits for: again later, if its socket is full. */
    private void sendSurely(String message, Ticks now) {
        retries = 0;
        unsent = Optional.of(message);
        nextRetry = Optional.of(now);
        retry(now);
    }

    private void retry(Ticks now) {
        if (unsent.isEmpty() || nextRetry.filter(now::hasReached).isEmpty()) {
            return;
        }
        Optional<Errno> failed = send(unsent.get());
        retries++;
        if (failed.filter(Errno::isShortage).isPresent() && retries <= MOST_RETRIES) {
            nextRetry = Optional.of(now.plus(PAUSE));
        } else {
            unsent = Optional.empty();
            nextRetry = Optional.empty();
        }
    }

    private Optional<Errno> send(String message) {
        Optional<Errno> failed = DatagramSender.send(settings.socket(), message);
        if (failed.isPresent() && !complained) {
            complained = true;
            LOG.atWarn()
                    .addKeyValue("socket", settings.socket())
                    .addKeyValue("reason", failed.get().words())
                    .log("cannot notify the service manager");
        }
        return failed;
    }
}
