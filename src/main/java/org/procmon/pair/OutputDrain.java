package org.procmon.pair;

import java.time.Duration;
import org.procmon.output.OutputCapture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the fifos before a monitor exits. Main thread. */
public final class OutputDrain {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    /** A disk may be slow, but a service manager would not wait much longer either. */
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

    private OutputDrain() {}

    /**
     * Moves what the fifos hold; a disk that does not respond does not keep the monitor from
     * exiting.
     */
    public static void drain(OutputCapture outputCapture) throws InterruptedException {
        if (!outputCapture.drainAndClose(LONGEST_DRAIN)) {
            LOG.atError()
                    .addKeyValue("seconds", LONGEST_DRAIN.toSeconds())
                    .addKeyValue(
                            "effect",
                            "what is left is lost unless a process or another monitor has its fifo open")
                    .log(
                            "cannot write all output, the file system of the log files does not answer");
        }
    }
}
