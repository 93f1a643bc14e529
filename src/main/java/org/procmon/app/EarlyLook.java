package org.procmon.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.procmon.launch.Rehearsal;
import org.procmon.posix.DescriptorLimit;
import org.procmon.supervise.Kept;

/**
 * A look at what an earlier monitor has left, while the configuration is still being read. It
 * changes nothing, and what has changed by the time that it is needed is looked at again.
 */
final class EarlyLook {
    private final Records records;
    private final Rehearsal rehearsal = new Rehearsal();
    private final Thread thread;

    private EarlyLook(Records records) {
        this.records = records;
        this.thread = Thread.ofPlatform().daemon().name("early-look").unstarted(this::look);
    }

    /** Begins it, on a thread of its own. */
    static EarlyLook at(Records records) {
        EarlyLook look = new EarlyLook(records);
        look.thread.start();
        return look;
    }

    private void look() {
        try {
            List<Kept> all = records.rehearse();
            DescriptorLimit.raise(all.size());
            for (Kept kept : all) {
                kept.process().state().run().ifPresent(rehearsal::hold);
            }
        } catch (IOException _) {
            // Who looks in earnest meets the same, and says it.
        }
    }

    Records records() {
        return records;
    }

    /**
     * Waits for it, and returns those that were found.
     *
     * @throws IOException if this thread is interrupted
     */
    Rehearsal found() throws IOException {
        try {
            thread.join();
            return rehearsal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking at the journal");
        }
    }
}
