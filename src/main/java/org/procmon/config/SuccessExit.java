package org.procmon.config;

import java.util.Set;

/**
 * The key {@code success_exit}: the ends of a run that count as good.
 *
 * @param codes exit codes
 * @param signals signals that may end it
 */
public record SuccessExit(Set<Integer> codes, Set<Signal> signals) {
    /** Exit code 0 and nothing else. */
    public static final SuccessExit DEFAULT = new SuccessExit(Set.of(0), Set.of());

    public SuccessExit {
        codes = Set.copyOf(codes);
        signals = Set.copyOf(signals);
    }
}
