package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.CpuSet;
import org.procmon.config.Limit;

/**
 * How a program differs from the monitor, in numbers of the kernel. What is empty stays.
 *
 * @param umask the permissions that new files do not get
 * @param bareShell whether the shell that sets it must leave no variables of its own behind
 * @param niceness the number added to the monitor's own
 * @param cpus the processors that it may run on
 * @param chroot the directory that becomes its root
 * @param inside the directory in that root, or without one in the monitor's, that a tool changes to
 * @param uid an unsigned number
 * @param gid an unsigned number; present if the uid is
 * @param groups unsigned numbers; present, perhaps as an empty list, if the uid is
 * @param capabilities the only ones that it keeps
 * @param input a file in its root that it opens as its standard input, with its own rights
 * @param listenFds whether its standard input, a listener, is announced to it as descriptor 3
 * @param late assignments that only the program itself may see, and no tool before it
 */
record Credentials(
        OptionalInt umask,
        boolean bareShell,
        OptionalInt niceness,
        Optional<CpuSet> cpus,
        List<Limit> limits,
        Optional<Path> chroot,
        Optional<Path> inside,
        OptionalInt uid,
        OptionalInt gid,
        Optional<List<Integer>> groups,
        boolean noNewPrivs,
        Optional<List<Capability>> capabilities,
        Optional<String> input,
        boolean listenFds,
        List<String> late) {
    boolean changesIds() {
        return uid.isPresent() || gid.isPresent() || groups.isPresent();
    }
}
