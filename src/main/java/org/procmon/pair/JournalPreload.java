package org.procmon.pair;

import java.io.IOException;
import java.util.List;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.posix.DescriptorLimit;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;

/**
 * Reads the records of an earlier monitor while the configuration is still being read. It changes
 * nothing, and what changes before it is needed is read again.
 *
 * @param adoptionWarmup holds the runs that were found
 */
public record JournalPreload(StateStore stateStore, AdoptionWarmup adoptionWarmup) {
    /**
     * Reads them.
     *
     * @throws IOException if the state directory belongs to another user
     */
    public static JournalPreload at(MonitorContext monitorContext) throws IOException {
        StateStore stateStore = StateStore.of(monitorContext, Ticker.system());
        AdoptionWarmup adoptionWarmup = new AdoptionWarmup();
        try {
            List<JournalEntry> all = stateStore.warmUp();
            DescriptorLimit.raise(all.size());
            for (JournalEntry journalEntry : all) {
                journalEntry.process().state().run().ifPresent(adoptionWarmup::hold);
            }
        } catch (IOException _) {
            // The real read later meets the same error, and reports it.
        }
        return new JournalPreload(stateStore, adoptionWarmup);
    }
}
