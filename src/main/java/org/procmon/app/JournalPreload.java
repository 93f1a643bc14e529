package org.procmon.app;

import java.io.IOException;
import java.util.List;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.StateStore;
import org.procmon.posix.DescriptorLimit;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;

/**
 * A look at what an earlier monitor has left, while the configuration is still being read. It
 * changes nothing, and what has changed by the time that it is needed is looked at again.
 *
 * @param adoptionWarmup holds those that were found
 */
record JournalPreload(StateStore stateStore, AdoptionWarmup adoptionWarmup) {
    /**
     * Looks.
     *
     * @throws IOException if the state folder is somebody else's
     */
    static JournalPreload at(MonitorContext monitorContext) throws IOException {
        StateStore stateStore = StateStore.of(monitorContext, Ticker.system());
        AdoptionWarmup adoptionWarmup = new AdoptionWarmup();
        try {
            List<JournalEntry> all = stateStore.rehearse();
            DescriptorLimit.raise(all.size());
            for (JournalEntry journalEntry : all) {
                journalEntry.process().state().run().ifPresent(adoptionWarmup::hold);
            }
        } catch (IOException _) {
            // Who looks in earnest meets the same, and says it.
        }
        return new JournalPreload(stateStore, adoptionWarmup);
    }
}
