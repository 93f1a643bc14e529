package org.procmon.launch.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.CpuSet;
import org.procmon.config.Identity;
import org.procmon.config.Limit;
import org.procmon.posix.ResourceLimit;

/**
 * Refuses the limits that the kernel would refuse the tools later, when the reason why the program
 * did not start could no longer be reported. Any thread.
 */
public final class LimitCheck {
    /** The limit of niceness counts from here down. Source: getrlimit(2), RLIMIT_NICE. */
    private static final int NICE_BASE = 20;

    private LimitCheck() {}

    /** The number added to the monitor's niceness. */
    public static OptionalInt niceness(Identity identity, OwnPrivileges ownPrivileges)
            throws LaunchRefused {
        if (identity.nice().isEmpty()) {
            return OptionalInt.empty();
        }
        int wanted = identity.nice().getAsInt();
        int more = wanted - ownPrivileges.niceness();
        long lowest =
                NICE_BASE - ownPrivileges.softLimit().applyAsLong(Limit.Resource.NICE.number());
        if (more < 0 && wanted < lowest) {
            ownPrivileges.need(Capability.SYS_NICE, "nice", "set the niceness to " + wanted);
        }
        return more == 0 ? OptionalInt.empty() : OptionalInt.of(more);
    }

    public static void check(List<Limit> limits, OwnPrivileges ownPrivileges) throws LaunchRefused {
        for (Limit limit : limits) {
            String action =
                    "set limit '"
                            + limit.resource().word()
                            + "' to "
                            + Limit.text(limit.hard())
                            + ": ";
            long own = ownPrivileges.hardLimit().applyAsLong(limit.resource().number());
            if (limit.hard() > own && !ownPrivileges.has(Capability.SYS_RESOURCE)) {
                throw new LaunchRefused(
                        "limits",
                        "cannot "
                                + action
                                + "the monitor's own hard limit is "
                                + Limit.text(own)
                                + ", and "
                                + ownPrivileges.lack(Capability.SYS_RESOURCE));
            }
            if (limit.resource() == Limit.Resource.NOFILE && limit.hard() > own) {
                checkDescriptors(limit.hard(), action);
            }
        }
    }

    private static void checkDescriptors(long wanted, String action) throws LaunchRefused {
        long most = ResourceLimit.mostDescriptors();
        if (wanted > most) {
            throw new LaunchRefused(
                    "limits",
                    "cannot " + action + "the kernel allows " + most + " (sysctl fs.nr_open)");
        }
    }

    /** The kernel ignores processors that there are not, unless there is none of them. */
    static void checkCpus(Optional<CpuSet> wanted) throws LaunchRefused {
        Optional<CpuSet> online = ResourceLimit.onlineCpus().flatMap(CpuSet::parse);
        if (wanted.isEmpty() || online.isEmpty()) {
            return;
        }
        Optional<CpuSet> unknown = wanted.get().without(online.get());
        if (unknown.isPresent()) {
            throw new LaunchRefused(
                    "cpus",
                    "cannot run on the CPUs "
                            + wanted.get().text()
                            + ": this machine has no CPU "
                            + unknown.get().text()
                            + ", it has "
                            + online.get().text());
        }
    }

    public static void checkRoot(Optional<Path> root, OwnPrivileges ownPrivileges)
            throws LaunchRefused {
        if (root.isEmpty()) {
            return;
        }
        String action = "change the root to '" + root.get() + "'";
        ownPrivileges.need(Capability.SYS_CHROOT, "chroot", action);
        if (!Files.isDirectory(root.get())) {
            throw new LaunchRefused("chroot", "cannot " + action + ": there is no such folder");
        }
    }

    public static void check(Optional<List<Capability>> kept, OwnPrivileges ownPrivileges)
            throws LaunchRefused {
        if (kept.isEmpty()) {
            return;
        }
        ownPrivileges.need(Capability.SETPCAP, "capabilities", "restrict the capabilities");
        for (Capability capability : kept.get()) {
            ownPrivileges.need(
                    capability, "capabilities", "keep capability '" + capability.word() + "'");
        }
    }
}
