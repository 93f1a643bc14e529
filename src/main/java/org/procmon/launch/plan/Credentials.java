package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.Limit;

/**
 * What a program is to be that the monitor is not, in numbers of the kernel. What is empty stays.
 *
 * @param umask the permissions that new files do not get
 * @param bareShell whether the shell that sets it must leave no variables of its own behind
 * @param niceness how much is added to the monitor's own
 * @param chroot the folder that becomes its root
 * @param inside the folder in that root, or without one in the monitor's, to which a tool goes
 * @param uid an unsigned number
 * @param gid an unsigned number; there is one if there is a uid
 * @param groups unsigned numbers; there are some, or none at all, if there is a uid
 * @param capabilities the only ones that it keeps
 * @param input a file in its root that it opens as its standard input, with its own rights
 * @param late assignments that only the program itself may see, and no tool before it
 */
record Credentials(
        OptionalInt umask,
        boolean bareShell,
        OptionalInt niceness,
        List<Limit> limits,
        Optional<Path> chroot,
        Optional<Path> inside,
        OptionalInt uid,
        OptionalInt gid,
        Optional<List<Integer>> groups,
        boolean noNewPrivs,
        Optional<List<Capability>> capabilities,
        Optional<String> input,
        List<String> late) {
    boolean changesIds() {
        return uid.isPresent() || gid.isPresent() || groups.isPresent();
    }
}
