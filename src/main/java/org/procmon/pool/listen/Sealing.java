package org.procmon.pool.listen;

/** Whether an old listener can be closed without losing a client. */
public enum Sealing {
    /** No client waits in it, and none comes any more. */
    SEALED,
    /** Clients wait in it, and further ones may come. */
    HAS_CLIENTS,
    /** Late clients cannot be kept out. */
    IMPOSSIBLE
}
