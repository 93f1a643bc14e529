package org.procmon.launch;

import org.procmon.config.MonitorSpec;
import org.procmon.posix.DescriptorLimit;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;

/** How many descriptors a primary needs. Any thread. */
public final class DescriptorNeeds implements Feature {
    /** Those that do not depend on the number of processes. */
    private static final int OTHER_DESCRIPTORS = 200;

    @Override
    public void on(Change change) {}

    @Override
    public void prepare(MonitorSpec spec) {
        makeRoomFor(spec);
    }

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
