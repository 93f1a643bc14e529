package org.procmon.supervise.port;

import java.util.Optional;

/** Knows how the hooks of processes do. Never waits: asked for each process of a list. */
@FunctionalInterface
public interface HookSource {
    /** Where there are no hooks. */
    HookSource NONE = _ -> Optional.empty();

    /** What is wrong with the latest hook of a process, in words; empty if nothing is. */
    Optional<String> trouble(String name);
}
