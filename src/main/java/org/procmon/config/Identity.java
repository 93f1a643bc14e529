package org.procmon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The user, the limits and the environment that a process runs with. Empty values are the monitor's
 * own. Each start checks whether users and groups exist.
 *
 * @param user a name or a number
 * @param group a name or a number; the primary group of the user when empty
 * @param groups the supplementary groups, names or numbers; those of the user when empty
 * @param umask the permissions that new files do not get
 * @param chroot the directory that becomes its root; {@code cwd} is then a directory in it
 * @param nice from -20, the highest priority, to 19
 * @param cpus the processors that it may run on
 * @param noNewPrivs whether programs that it executes cannot gain privileges
 * @param capabilities what it keeps of root's privileges, and the most that it can ever have
 * @param limits at most one for each resource
 * @param envFiles a later file beats an earlier one; the key {@code env} beats those that do not
 *     override it
 * @param clearEnv whether it inherits nothing of the monitor's environment but {@code PATH}
 */
public record Identity(
        Optional<String> user,
        Optional<String> group,
        Optional<List<String>> groups,
        OptionalInt umask,
        Optional<Path> chroot,
        OptionalInt nice,
        Optional<CpuSet> cpus,
        boolean noNewPrivs,
        Optional<List<Capability>> capabilities,
        List<Limit> limits,
        List<EnvFile> envFiles,
        boolean clearEnv) {
    /** All as the monitor. The reader returns this very object when none of the keys is used. */
    public static final Identity DEFAULT =
            new Identity(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
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
