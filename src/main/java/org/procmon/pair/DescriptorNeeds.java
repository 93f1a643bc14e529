package org.procmon.pair;

import org.procmon.config.MonitorSpec;
import org.procmon.posix.DescriptorLimit;

/** How many descriptors a primary needs. Any thread. */
public final class DescriptorNeeds {
    /** Those that do not depend on the number of processes. */
    private static final int OTHER_DESCRIPTORS = 200;

    private DescriptorNeeds() {}

    /**
     * Raises the descriptor limit to what is needed: two fifos and a pidfd for each process, and
     * some for everything else.
     */
    public static void raiseLimitFor(MonitorSpec spec) {
        if (descriptors(spec) > DescriptorLimit.soft()) {
            DescriptorLimit.raise(descriptors(spec));
        }
    }

    /**
     * As {@link #raiseLimitFor}, and lets the kernel allocate the table; may take some tens of
     * milliseconds.
     */
    public static void makeRoomFor(MonitorSpec spec) {
        raiseLimitFor(spec);
        DescriptorLimit.reserve(descriptors(spec));
    }

    private static long descriptors(MonitorSpec spec) {
        return spec.processes().size() * 3L + OTHER_DESCRIPTORS;
    }
}
