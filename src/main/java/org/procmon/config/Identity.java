package org.procmon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * As whom, within which bounds and with which variables a process runs. What is empty stays as the
 * monitor has it. Whether users and groups exist is found out at each start.
 *
 * @param user a name or a number
 * @param group a name or a number; the primary group of the user when empty
 * @param groups the supplementary groups, names or numbers; those of the user when empty
 * @param umask the permissions that new files do not get
 * @param chroot the folder that it takes for the root of all; {@code cwd} is a folder in it then
 * @param nice from -20, the first to be served, to 19
 * @param noNewPrivs whether no program that it executes gets more rights than it has itself
 * @param capabilities what it keeps of root's rights, and the most that it ever gets
 * @param limits at most one for each resource
 * @param envFiles a later one beats an earlier one; the key {@code env} beats those that do not
 *     override it
 * @param clearEnv whether it gets nothing of the monitor's environment but {@code PATH}
 */
public record Identity(
        Optional<String> user,
        Optional<String> group,
        Optional<List<String>> groups,
        OptionalInt umask,
        Optional<Path> chroot,
        OptionalInt nice,
        boolean noNewPrivs,
        Optional<List<Capability>> capabilities,
        List<Limit> limits,
        List<EnvFile> envFiles,
        boolean clearEnv) {
    /** All as the monitor. The reader gives this very object when none of the keys is used. */
    public static final Identity DEFAULT =
            new Identity(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    false,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    false);

    public Identity {
        groups = groups.map(List::copyOf);
        capabilities = capabilities.map(List::copyOf);
        limits = List.copyOf(limits);
        envFiles = List.copyOf(envFiles);
    }
}
