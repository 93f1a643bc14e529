package org.procmon.app;

import java.io.IOException;
import java.util.List;
import org.procmon.launch.Rehearsal;
import org.procmon.posix.DescriptorLimit;
import org.procmon.supervise.Kept;
import org.procmon.supervise.Ticker;

/**
 * A look at what an earlier monitor has left, while the configuration is still being read. It
 * changes nothing, and what has changed by the time that it is needed is looked at again.
 *
 * @param rehearsal holds those that were found
 */
record EarlyLook(Records records, Rehearsal rehearsal) {
    /**
     * Looks.
     *
     * @throws IOException if the state folder is somebody else's
     */
    static EarlyLook at(Site site) throws IOException {
        Records records = Records.of(site, Ticker.system());
        Rehearsal rehearsal = new Rehearsal();
        try {
            List<Kept> all = records.rehearse();
            DescriptorLimit.raise(all.size());
            for (Kept kept : all) {
                kept.process().state().run().ifPresent(rehearsal::hold);
            }
        } catch (IOException _) {
            // Who looks in earnest meets the same, and says it.
        }
        return new EarlyLook(records, rehearsal);
    }
}
