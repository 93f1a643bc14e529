package org.procmon.launch.plan;

import java.util.function.IntToLongFunction;
import org.procmon.config.Capability;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ResourceLimit;

/**
 * The monitor's own privileges and limits, which bound those of a process.
 *
 * @param capabilities as bits
 * @param niceness its own
 * @param softLimit of a resource, by its number
 * @param hardLimit of a resource, by its number
 */
public record OwnPrivileges(
        int uid,
        int gid,
        long capabilities,
        int niceness,
        IntToLongFunction softLimit,
        IntToLongFunction hardLimit) {
    public static OwnPrivileges own() {
        return new OwnPrivileges(
                CurrentProcess.uid(),
                CurrentProcess.gid(),
                CurrentProcess.capabilities(),
                CurrentProcess.niceness(),
                ResourceLimit::soft,
                ResourceLimit::hard);
    }

    boolean has(Capability capability) {
        return (capabilities & capability.bit()) != 0;
    }

    /**
     * Refuses what needs a capability that the monitor does not have.
     *
     * @param key the key that asks for it
     */
    void need(Capability capability, String key, String action) throws LaunchRefused {
        if (!has(capability)) {
            throw new LaunchRefused(key, "cannot " + action + ": " + lack(capability));
        }
    }

    /** Root may lack capabilities in a container. */
    String lack(Capability capability) {
        return uid == 0 ? "the monitor lacks CAP_" + capability.name() : "the monitor is not root";
    }
}
