package org.procmon.config;

import java.util.Set;

/**
 * The key {@code success_exit}: the exits of a run that count as success.
 *
 * @param codes exit codes
 * @param signals signals that may kill it
 */
public record SuccessExit(Set<Integer> codes, Set<Signal> signals) {
    /** Exit code 0 and nothing else. */
    public static final SuccessExit DEFAULT = new SuccessExit(Set.of(0), Set.of());

    public SuccessExit {
        codes = Set.copyOf(codes);
        signals = Set.copyOf(signals);
    }
}
