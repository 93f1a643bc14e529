package org.procmon.supervise.port;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.procmon.status.PoolView;

/** Shows pools to readers. Any thread. */
public interface PoolSource {
    /** Of a monitor without pools. */
    PoolSource NONE = _ -> CompletableFuture.completedFuture(List.of());

    /**
     * The pools as they are now, in the order of the configuration: the kernel is asked for their
     * queues and workers. Completed within milliseconds.
     *
     * @param names those that are asked for; an unknown one is left out; empty for all
     */
    CompletableFuture<List<PoolView>> pools(Set<String> names);
}
