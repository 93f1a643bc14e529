package org.procmon.supervise.port;

import java.util.concurrent.CompletableFuture;

/** Runs errands. Any thread. */
@FunctionalInterface
public interface HelperCommands {
    /**
     * Starts one; blocks no longer than that takes, which may be as long as a user database does.
     *
     * @return what becomes of it, completed on a virtual thread. To cancel it kills the errand's
     *     group.
     */
    CompletableFuture<HelperCommand.Outcome> run(HelperCommand helperCommand);
}
