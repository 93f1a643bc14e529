package org.procmon.supervise.port;

import java.util.concurrent.CompletableFuture;

/** Runs helper commands. Any thread. */
@FunctionalInterface
public interface HelperCommands {
    /**
     * Starts one; blocks only while it starts, which can take as long as a user database lookup.
     *
     * @return the result, completed on a virtual thread. Cancelling it kills the command's group.
     */
    CompletableFuture<HelperCommand.Outcome> run(HelperCommand helperCommand);
}
