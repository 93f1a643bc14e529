package org.procmon.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.config.EnvFile;
import org.procmon.config.Exec;
import org.procmon.config.Hook;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.launch.plan.ChainTools;
import org.procmon.launch.plan.CredentialResolver;
import org.procmon.launch.plan.CredentialResolver.Person;
import org.procmon.launch.plan.EnvFiles;
import org.procmon.launch.plan.FileView;
import org.procmon.launch.plan.LaunchPlanner;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.launch.plan.LimitCheck;
import org.procmon.launch.plan.OwnPrivileges;
import org.procmon.launch.plan.RemoteFilesystems;
import org.procmon.posix.Environment;
import org.procmon.posix.MountTable;

/**
 * Checks everything that a start of a process needs, as the launcher does, without starting it, and
 * finds all problems. May block as long as the disk and the user database do. One thread.
 */
public final class LaunchCheck {
    private static final String EXEC = "exec";
    private static final Person MONITOR_ITSELF =
            new Person(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Map.of());

    /**
     * Why a process could not be started, or something of it could not be run.
     *
     * @param keys the path of the key in the configuration, outermost first
     */
    public record Finding(List<String> keys, String reason) {
        public Finding {
            keys = List.copyOf(keys);
        }
    }

    /** A part of a start that may be refused. */
    private interface Part {
        void check() throws LaunchRefused;
    }

    private final OwnPrivileges ownPrivileges = OwnPrivileges.own();
    private final RemoteFilesystems remoteFilesystems;
    private final LaunchPlanner launchPlanner;

    /**
     * @param environment the variables that every child would get
     */
    public LaunchCheck(Map<String, String> environment) {
        this.remoteFilesystems =
                new RemoteFilesystems(
                        MountTable.open()::mounts, LaunchPlanner.searchPath(environment));
        this.launchPlanner =
                new LaunchPlanner(
                        environment,
                        Environment.of(environment),
                        () -> ownPrivileges,
                        new ChainTools(Path.of("/"), ChainTools.FOLDERS),
                        remoteFilesystems);
    }

    /** All problems, as far as they can be seen. */
    public List<Finding> findings(ProcessSpec spec) {
        List<Finding> findings = new ArrayList<>();
        Identity identity = spec.identity();
        Person person = MONITOR_ITSELF;
        try {
            person = CredentialResolver.of(identity, ownPrivileges);
        } catch (LaunchRefused e) {
            add(findings, e);
        }
        check(findings, () -> LimitCheck.check(identity.limits(), ownPrivileges));
        check(findings, () -> LimitCheck.check(identity.capabilities(), ownPrivileges));
        check(findings, () -> LimitCheck.checkRoot(identity.chroot(), ownPrivileges));
        check(findings, () -> checkNiceness(identity));
        Map<String, String> more = new HashMap<>(person.variables());
        List<EnvFile> files = identity.envFiles();
        for (int i = 0; i < files.size(); i++) {
            try {
                more.putAll(new EnvFiles(ownPrivileges.uid()).read(List.of(files.get(i))));
            } catch (LaunchRefused e) {
                findings.add(new Finding(List.of("env_file", Integer.toString(i)), e.reason()));
            }
        }
        more.putAll(PosixLauncher.ownVariables(spec, 1));
        boolean hasRoot =
                identity.chroot().isEmpty() || identity.chroot().get().toFile().isDirectory();
        if (hasRoot) {
            checkFiles(findings, spec, launchPlanner.vantage(spec, person, more));
        }
        if (findings.isEmpty()) {
            // Only the tools remain.
            check(findings, () -> launchPlanner.check(spec, PosixLauncher.ownVariables(spec, 1)));
        }
        return findings;
    }

    private void checkNiceness(Identity identity) throws LaunchRefused {
        OptionalInt _ = LimitCheck.niceness(identity, ownPrivileges);
    }

    private void checkFiles(List<Finding> findings, ProcessSpec spec, FileView fileView) {
        boolean isFar =
                fileView.root().isEmpty()
                        && spec.cwd().isPresent()
                        && remoteFilesystems.isBelowFar(BytePath.text(spec.cwd().get()));
        int before = findings.size();
        if (!isFar) {
            check(findings, () -> launchPlanner.checkFolder(spec, fileView));
        }
        if (isFar || findings.size() > before) {
            // Without its directory nothing relative can be found.
            return;
        }
        check(
                findings,
                () -> {
                    Optional<String> _ = launchPlanner.input(spec.stdin(), fileView);
                });
        boolean isAlone =
                spec.identity().equals(Identity.DEFAULT) && !InputSpec.needsTool(spec.stdin());
        checkProgram(findings, List.of(EXEC), spec.exec(), fileView, isAlone);
        spec.hooks()
                .beforeStart()
                .ifPresent(hook -> checkHook(findings, "before_start", hook, fileView));
        spec.hooks()
                .afterStop()
                .ifPresent(hook -> checkHook(findings, "after_stop", hook, fileView));
        spec.hooks()
                .onFailure()
                .ifPresent(hook -> checkHook(findings, "on_failure", hook, fileView));
        spec.checks()
                .ready()
                .map(Readiness::sign)
                .filter(ReadySignal.Answers.class::isInstance)
                .map(readySignal -> ((ReadySignal.Answers) readySignal).probe())
                .ifPresent(probe -> checkProbe(findings, "ready", probe, fileView));
        spec.checks()
                .health()
                .ifPresent(health -> checkProbe(findings, "health", health.probe(), fileView));
    }

    private void checkHook(List<Finding> findings, String name, Hook hook, FileView fileView) {
        checkProgram(findings, List.of("hooks", name, EXEC), hook.exec(), fileView, false);
    }

    private void checkProbe(List<Finding> findings, String name, Probe probe, FileView fileView) {
        if (probe instanceof Probe.Run(Exec exec)) {
            checkProgram(findings, List.of(name, EXEC), exec, fileView, false);
        }
    }

    private void checkProgram(
            List<Finding> findings,
            List<String> keys,
            Exec exec,
            FileView fileView,
            boolean isAlone) {
        String program = exec.argv().getFirst();
        if (fileView.root().isEmpty()
                && remoteFilesystems.mayHang(program, fileView.cwd(), fileView.searchPath())) {
            return;
        }
        try {
            launchPlanner.checkProgram(program, fileView, isAlone);
        } catch (LaunchRefused e) {
            findings.add(new Finding(keys, e.reason()));
        }
    }

    private static void check(List<Finding> findings, Part part) {
        try {
            part.check();
        } catch (LaunchRefused e) {
            add(findings, e);
        }
    }

    private static void add(List<Finding> findings, LaunchRefused launchRefused) {
        List<String> keys =
                launchRefused.key().isEmpty() ? List.of() : List.of(launchRefused.key());
        findings.add(new Finding(keys, launchRefused.reason()));
    }
}
