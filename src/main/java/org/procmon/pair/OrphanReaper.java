package org.procmon.pair;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Children;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessExitPoller;
import org.procmon.posix.Processes;
import org.procmon.supervise.port.Ticker;

/**
 * Reaps what a primary that died early has left to its backup, while the next primary supervises
 * it: only this process can reap those children. Each stays unreaped for a moment, in which the
 * primary reads its exit status, since older kernels do not report that later. One thread.
 *
 * <p>Orphans of such a child are found when the next one exits.
 */
final class OrphanReaper implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** The key of the primary; no process has this pid. */
    private static final long PRIMARY = 0;

    private final Ticker ticker;
    private final int primary;
    private final ProcessExitPoller processExitPoller = new ProcessExitPoller();
    private final Map<Integer, Pidfd> alive = new HashMap<>();

    /** The time at which each exited child is reaped, the earliest first. */
    private final Map<Integer, Ticks> ended = new LinkedHashMap<>();

    private OrphanReaper(Ticker ticker, int primary) {
        this.ticker = ticker;
        this.primary = primary;
    }

    /** Blocks until the primary has exited. Platform threads only. */
    static void reapUntilTheEndOf(int primary, Pidfd held, Ticker ticker) {
        try (OrphanReaper orphanReaper = new OrphanReaper(ticker, primary)) {
            orphanReaper.processExitPoller.add(held, PRIMARY);
            while (!orphanReaper.hasPrimaryEnded()) {
                orphanReaper.reapThoseDue();
            }
        }
    }

    /** Waits until a child has exited, or is due to be reaped. */
    private boolean hasPrimaryEnded() {
        holdNewOnes();
        for (long key : processExitPoller.await(millisUntilTheNextIsDue())) {
            if (key == PRIMARY) {
                return true;
            }
            if (key > PRIMARY) {
                letGo((int) key);
            }
        }
        return false;
    }

    private void holdNewOnes() {
        for (int pid : Processes.orphansOf(CurrentProcess.pid())) {
            if (pid != primary
                    && !alive.containsKey(pid)
                    && !ended.containsKey(pid)
                    && Pidfd.open(pid) instanceof Pidfd.Result.Opened(Pidfd held)) {
                alive.put(pid, held);
                processExitPoller.add(held, pid);
            }
        }
    }

    private void letGo(int pid) {
        Pidfd held = alive.remove(pid);
        if (held != null) {
            processExitPoller.remove(held);
            held.close();
            ended.put(pid, ticker.now().plus(GRACE));
        }
    }

    private int millisUntilTheNextIsDue() {
        Iterator<Ticks> due = ended.values().iterator();
        return due.hasNext()
                ? (int) Math.max(0, due.next().since(ticker.now()).toMillis() + 1)
                : ProcessExitPoller.FOR_EVER;
    }

    private void reapThoseDue() {
        Ticks now = ticker.now();
        for (Iterator<Map.Entry<Integer, Ticks>> all = ended.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Integer, Ticks> next = all.next();
            if (!now.hasReached(next.getValue())) {
                return;
            }
            Children.reap(next.getKey());
            all.remove();
        }
    }

    @Override
    public void close() {
        alive.values().forEach(Pidfd::close);
        processExitPoller.close();
    }
}
