package org.procmon.trigger.schedule;

/**
 * The share of its jitter by which a process is delayed: the same at each of its times and in each
 * monitor of a machine, but different for each process and machine.
 */
final class Jitter {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;
    private static final int MANTISSA = 53;

    private final String machine;

    /**
     * @param machine identifies this machine
     */
    Jitter(String machine) {
        this.machine = machine;
    }

    /** From 0 to less than 1. */
    double of(String process) {
        long hash = FNV_OFFSET;
        String text = machine + '\0' + process;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        // Names that differ only in their last character must get distant shares too.
        hash = (hash ^ hash >>> 33) * MIX_1;
        hash = (hash ^ hash >>> 33) * MIX_2;
        hash ^= hash >>> 33;
        return (hash >>> (Long.SIZE - MANTISSA)) / (double) (1L << MANTISSA);
    }
}
