package org.procmon.importing.command;

import java.util.List;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.PoolList;

/**
 * Turns a command {@code spawn-fcgi} into a pool.
 *
 * <p>Source: spawn-fcgi(1).
 */
public final class SpawnFcgiImporter {
    private SpawnFcgiImporter() {}

    /**
     * Reads the command.
     *
     * @param operands the whole command as one text, or its words
     */
    public static ConfigDraft read(List<String> operands, ImportContext importContext)
            throws ImportAborted {
        SourceLocation spot = CommandWords.spot(SpawnCommand.PROGRAM);
        List<String> words = CommandWords.of(spot, operands, importContext);
        SpawnCommand command = SpawnCommand.of(spot, words, false);
        PoolList pools = new PoolList(importContext);
        pools.add(spot, new SpawnPool(command, importContext).draft());
        return ConfigDraft.ofPools(List.of(), pools.checked());
    }
}
