package org.procmon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.procmon.lifecycle.Run;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.spec.Signal;
import org.procmon.supervise.Ticker;

/**
 * Ends the monitors that run on a state folder the way a crash would, which no process notices and
 * after which nothing is lost. So it can be done also to those that hang.
 */
final class Predecessors {
    private static final int MOST = 10;

    private Predecessors() {}

    /**
     * Returns once none has the folder locked.
     *
     * @throws IOException if they cannot be ended
     */
    static void end(Site site) throws IOException {
        for (int round = 0; round < MOST; round++) {
            Optional<Integer> primary = StateFolder.lockedBy(site.state());
            if (primary.isEmpty()) {
                // Whoever still listens there has lost its right to.
                Files.deleteIfExists(site.socket());
                return;
            }
            Optional<Run> backup = Records.of(site, Ticker.system()).backup();
            if (backup.isPresent()) {
                end(backup.get().pid(), backup.get().born());
            }
            end(primary.get(), bornOf(primary.get()));
        }
        throw new IOException("the monitors that run do not end");
    }

    private static long bornOf(int pid) {
        return ProcessStat.of(pid).map(ProcessStat::born).orElse(0L);
    }

    private static void end(int pid, long born) throws IOException {
        if (Pidfd.open(pid) instanceof Pidfd.Result.Opened opened) {
            try (Pidfd process = opened.pidfd()) {
                if (bornOf(pid) != born) {
                    return;
                }
                if (!process.send(Signal.KILL.number())) {
                    throw new IOException("not permitted to end the monitor, pid " + pid);
                }
                Ward.await(process);
            }
        }
    }
}
