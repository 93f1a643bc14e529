package org.procmon.config.reader;

import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.WorkerShare;

/**
 * An entry of {@code pools} as it was read; see {@link ProcessEntry}.
 *
 * @param process its template
 * @param listenOffset the place of its address; -1 if it has no valid one
 * @param share the name of its share
 */
record PoolEntry(
        PoolSpec spec, ProcessEntry process, int listenOffset, Optional<JsonValue.Text> share) {
    /** The same, for a program whose file is followed. */
    PoolEntry versioned(String version) {
        return new PoolEntry(spec.versioned(version), process, listenOffset, share);
    }

    /** The same, whose workers count against a limit of several pools. */
    PoolEntry sharing(WorkerShare limit) {
        return new PoolEntry(spec.of(limit), process, listenOffset, share);
    }

    boolean hasAddress() {
        return listenOffset >= 0;
    }
}
