package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.CpuSet;
import org.procmon.config.EnvFile;
import org.procmon.config.Identity;
import org.procmon.config.Limit;

/** Makes identities for tests: the default but for what is said. */
final class Identities {
    private Identity made = Identity.DEFAULT;

    private Identities() {}

    static Identities identity() {
        return new Identities();
    }

    Identities user(String user) {
        return with(Optional.of(user), made.group(), made.groups());
    }

    Identities group(String group) {
        return with(made.user(), Optional.of(group), made.groups());
    }

    Identities groups(String... groups) {
        return with(made.user(), made.group(), Optional.of(List.of(groups)));
    }

    private Identities with(
            Optional<String> user, Optional<String> group, Optional<List<String>> groups) {
        return with(
                user, group, groups, made.umask(), made.chroot(), made.nice(), made.noNewPrivs());
    }

    Identities umask(int mask) {
        return bounds(OptionalInt.of(mask), made.chroot(), made.nice(), made.noNewPrivs());
    }

    Identities chroot(Path root) {
        return bounds(made.umask(), Optional.of(root), made.nice(), made.noNewPrivs());
    }

    Identities nice(int nice) {
        return bounds(made.umask(), made.chroot(), OptionalInt.of(nice), made.noNewPrivs());
    }

    Identities cpus(String cpus) {
        made =
                new Identity(
                        made.user(),
                        made.group(),
                        made.groups(),
                        made.umask(),
                        made.chroot(),
                        made.nice(),
                        CpuSet.parse(cpus),
                        made.noNewPrivs(),
                        made.capabilities(),
                        made.limits(),
                        made.envFiles(),
                        made.clearEnv());
        return this;
    }

    Identities noNewPrivs() {
        return bounds(made.umask(), made.chroot(), made.nice(), true);
    }

    private Identities bounds(
            OptionalInt umask, Optional<Path> chroot, OptionalInt nice, boolean noNewPrivs) {
        return with(made.user(), made.group(), made.groups(), umask, chroot, nice, noNewPrivs);
    }

    private Identities with(
            Optional<String> user,
            Optional<String> group,
            Optional<List<String>> groups,
            OptionalInt umask,
            Optional<Path> chroot,
            OptionalInt nice,
            boolean noNewPrivs) {
        made =
                new Identity(
                        user,
                        group,
                        groups,
                        umask,
                        chroot,
                        nice,
                        made.cpus(),
                        noNewPrivs,
                        made.capabilities(),
                        made.limits(),
                        made.envFiles(),
                        made.clearEnv());
        return this;
    }

    Identities capabilities(Capability... kept) {
        return rest(Optional.of(List.of(kept)), made.limits(), made.envFiles(), made.clearEnv());
    }

    Identities limit(Limit.Resource resource, long soft, long hard) {
        List<Limit> limits = List.of(new Limit(resource, soft, hard));
        return rest(made.capabilities(), limits, made.envFiles(), made.clearEnv());
    }

    Identities envFiles(EnvFile... files) {
        return rest(made.capabilities(), made.limits(), List.of(files), made.clearEnv());
    }

    Identities clearEnv() {
        return rest(made.capabilities(), made.limits(), made.envFiles(), true);
    }

    private Identities rest(
            Optional<List<Capability>> capabilities,
            List<Limit> limits,
            List<EnvFile> envFiles,
            boolean clearEnv) {
        made =
                new Identity(
                        made.user(),
                        made.group(),
                        made.groups(),
                        made.umask(),
                        made.chroot(),
                        made.nice(),
                        made.cpus(),
                        made.noNewPrivs(),
                        capabilities,
                        limits,
                        envFiles,
                        clearEnv);
        return this;
    }

    Identity made() {
        return made;
    }
}
