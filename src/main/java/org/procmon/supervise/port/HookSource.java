package org.procmon.supervise.port;

import java.util.Optional;

/** Knows the results of hooks. Never waits: called for each process of a list. */
@FunctionalInterface
public interface HookSource {
    /** Without hooks. */
    HookSource NONE = _ -> Optional.empty();

    /** Why the latest hook of a process failed, in words; empty if it did not. */
    Optional<String> trouble(String name);
}
