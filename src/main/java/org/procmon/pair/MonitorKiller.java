package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Signal;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.Ticker;

/**
 * Kills the monitors of a state directory as a crash would: no supervised process notices, and
 * nothing is lost. This also works for monitors that hang, and for those whose directory was
 * removed or replaced: see {@link InstanceLock}.
 */
public final class MonitorKiller {
    private static final int MOST = 10;

    private MonitorKiller() {}

    /**
     * Returns once no process has the directory locked or is marked as one of its monitors.
     *
     * @throws IOException if they cannot be killed
     */
    public static void end(MonitorContext monitorContext) throws IOException {
        for (int round = 0; round < MOST; round++) {
            Map<Integer, Long> monitors = monitors(monitorContext);
            if (monitors.isEmpty()) {
                // A monitor that still listens there has lost its right to.
                Files.deleteIfExists(monitorContext.socket());
                return;
            }
            end(monitors);
        }
        throw new IOException("the running monitors do not exit");
    }

    /** Start times by pid; backups first, since they could take over. */
    private static Map<Integer, Long> monitors(MonitorContext monitorContext) throws IOException {
        Map<Integer, Long> named = new LinkedHashMap<>();
        // A monitor that makes its directory again releases its name for a moment, and has locked
        // the directory by then; so the names come first.
        InstanceLock.others(monitorContext.state()).forEach(pid -> named.put(pid, bornOf(pid)));
        Optional<Integer> primary = StateFolder.lockedBy(monitorContext.state());
        if (primary.isEmpty()) {
            return named;
        }
        Map<Integer, Long> monitors = new LinkedHashMap<>();
        StateStore.of(monitorContext, Ticker.system())
                .backup()
                .filter(backup -> bornOf(backup.pid()) == backup.born())
                .ifPresent(backup -> monitors.put(backup.pid(), backup.born()));
        named.remove(primary.get());
        monitors.putAll(named);
        monitors.put(primary.get(), bornOf(primary.get()));
        return monitors;
    }

    private static long bornOf(int pid) {
        return ProcessStat.of(pid).map(ProcessStat::born).orElse(0L);
    }

    /** Sends all of them the signal before waiting for any: none has the time to take over. */
    private static void end(Map<Integer, Long> monitors) throws IOException {
        List<Pidfd> ending = new ArrayList<>();
        try {
            for (Map.Entry<Integer, Long> monitor : monitors.entrySet()) {
                kill(monitor.getKey(), monitor.getValue()).ifPresent(ending::add);
            }
            ending.forEach(PrimaryHandle::await);
        } finally {
            ending.forEach(Pidfd::close);
        }
    }

    /** Empty if it has exited meanwhile. */
    private static Optional<Pidfd> kill(int pid, long born) throws IOException {
        if (!(Pidfd.open(pid) instanceof Pidfd.Result.Opened opened)) {
            return Optional.empty();
        }
        if (bornOf(pid) == born && opened.pidfd().send(Signal.KILL.number())) {
            return Optional.of(opened.pidfd());
        }
        opened.pidfd().close();
        if (bornOf(pid) == born) {
            throw new IOException("not permitted to kill the monitor, pid " + pid);
        }
        return Optional.empty();
    }
}
