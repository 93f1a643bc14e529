package org.procmon.pair;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.posix.DatagramSender;
import org.procmon.posix.Errno;
import org.procmon.supervise.LoopWatchdog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the loop of this primary is stalled: immediately to the backup, which kills a
 * primary that does not recover, and after a while in the log. On the thread of the watchdog.
 */
public final class StallReporter implements LoopWatchdog.Listener {
    /** The message of each second in which the loop does not move. */
    static final String STALLED = "stalled";

    /** The message that it moves again. */
    static final String MOVES = "moves";

    /** Nothing that the loop does takes this long on a healthy machine. */
    static final Duration LONG = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    private final Path backup;
    private final Thread loop;
    private boolean reported;

    /**
     * @param backup the socket of the backup; it may not exist, or be that of an earlier version
     * @param loop the loop's thread
     */
    public StallReporter(Path backup, Thread loop) {
        this.backup = backup;
        this.loop = loop;
    }

    @Override
    public void stalled(Duration duration) {
        tell(STALLED);
        if (duration.equals(LONG)) {
            reported = true;
            Throwable where = new Throwable("the loop is here");
            where.setStackTrace(loop.getStackTrace());
            LOG.atError()
                    .addKeyValue("for_ms", duration.toMillis())
                    .setCause(where)
                    .log("the loop stands still while messages wait");
        }
    }

    @Override
    public void moves() {
        tell(MOVES);
        if (reported) {
            reported = false;
            LOG.atWarn().log("the loop moves again");
        }
    }

    private void tell(String message) {
        Optional<Errno> failed = DatagramSender.send(BytePath.text(backup), message);
        failed.ifPresent(errno ->
                LOG.atDebug().addKeyValue("reason", errno.words()).log("cannot reach the backup"));
    }
}
