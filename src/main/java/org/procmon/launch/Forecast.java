package org.procmon.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.launch.Persons.Person;
import org.procmon.posix.Environment;
import org.procmon.posix.MountTable;
import org.procmon.spec.EnvFile;
import org.procmon.spec.Exec;
import org.procmon.spec.Hook;
import org.procmon.spec.Identity;
import org.procmon.spec.InputSpec;
import org.procmon.spec.Probe;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Readiness;
import org.procmon.spec.Sign;

/**
 * Looks at everything that a start of a process needs, as the launcher does, without starting it,
 * and finds all that is wrong. May block as long as the disk and the database of users do. One
 * thread.
 */
public final class Forecast {
    private static final String EXEC = "exec";
    private static final Person NOBODY_ELSE =
            new Person(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Map.of());

    /**
     * Why a process could not be started, or something of it could not be run.
     *
     * @param keys where that stands, from the outermost in
     */
    public record Finding(List<String> keys, String reason) {
        public Finding {
            keys = List.copyOf(keys);
        }
    }

    /** A part of a start that may be refused. */
    private interface Part {
        void check() throws Refusal;
    }

    private final Rights rights = Rights.own();
    private final FarFiles farFiles;
    private final Guises guises;

    /**
     * @param environment the variables that every child would get
     */
    public Forecast(Map<String, String> environment) {
        this.farFiles = new FarFiles(MountTable.open()::mounts, Guises.searchPath(environment));
        this.guises =
                new Guises(
                        environment,
                        Environment.of(environment),
                        () -> rights,
                        new Tools(Path.of("/"), Tools.FOLDERS),
                        farFiles);
    }

    /** All that is wrong, as far as it can be seen. */
    public List<Finding> findings(ProcessSpec spec) {
        List<Finding> findings = new ArrayList<>();
        Identity identity = spec.identity();
        Person person = NOBODY_ELSE;
        try {
            person = Persons.of(identity, rights);
        } catch (Refusal e) {
            add(findings, e);
        }
        check(findings, () -> Bounds.check(identity.limits(), rights));
        check(findings, () -> Bounds.check(identity.capabilities(), rights));
        check(findings, () -> Bounds.checkRoot(identity.chroot(), rights));
        check(findings, () -> checkNiceness(identity));
        Map<String, String> more = new HashMap<>(person.variables());
        List<EnvFile> files = identity.envFiles();
        for (int i = 0; i < files.size(); i++) {
            try {
                more.putAll(new EnvFiles(rights.uid()).read(List.of(files.get(i))));
            } catch (Refusal e) {
                findings.add(new Finding(List.of("env_file", Integer.toString(i)), e.reason()));
            }
        }
        more.putAll(PosixLauncher.ownVariables(spec, 1));
        boolean hasRoot =
                identity.chroot().isEmpty() || identity.chroot().get().toFile().isDirectory();
        if (hasRoot) {
            checkFiles(findings, spec, guises.vantage(spec, person, more));
        }
        if (findings.isEmpty()) {
            // What is left: the tools.
            check(findings, () -> guises.check(spec, PosixLauncher.ownVariables(spec, 1)));
        }
        return findings;
    }

    private void checkNiceness(Identity identity) throws Refusal {
        OptionalInt _ = Bounds.niceness(identity, rights);
    }

    private void checkFiles(List<Finding> findings, ProcessSpec spec, Vantage vantage) {
        boolean isFar =
                vantage.root().isEmpty()
                        && spec.cwd().isPresent()
                        && farFiles.isBelowFar(BytePath.text(spec.cwd().get()));
        int before = findings.size();
        if (!isFar) {
            check(findings, () -> guises.checkFolder(spec, vantage));
        }
        if (isFar || findings.size() > before) {
            // Without its folder nothing relative can be found.
            return;
        }
        check(
                findings,
                () -> {
                    Optional<String> _ = guises.input(spec.stdin(), vantage);
                });
        boolean isAlone =
                spec.identity().equals(Identity.DEFAULT)
                        && !(spec.stdin() instanceof InputSpec.File);
        checkProgram(findings, List.of(EXEC), spec.exec(), vantage, isAlone);
        spec.hooks()
                .beforeStart()
                .ifPresent(hook -> checkHook(findings, "before_start", hook, vantage));
        spec.hooks()
                .afterStop()
                .ifPresent(hook -> checkHook(findings, "after_stop", hook, vantage));
        spec.hooks()
                .onFailure()
                .ifPresent(hook -> checkHook(findings, "on_failure", hook, vantage));
        spec.checks()
                .ready()
                .map(Readiness::sign)
                .filter(Sign.Answers.class::isInstance)
                .map(sign -> ((Sign.Answers) sign).probe())
                .ifPresent(probe -> checkProbe(findings, "ready", probe, vantage));
        spec.checks()
                .health()
                .ifPresent(health -> checkProbe(findings, "health", health.probe(), vantage));
    }

    private void checkHook(List<Finding> findings, String name, Hook hook, Vantage vantage) {
        checkProgram(findings, List.of("hooks", name, EXEC), hook.exec(), vantage, false);
    }

    private void checkProbe(List<Finding> findings, String name, Probe probe, Vantage vantage) {
        if (probe instanceof Probe.Run(Exec exec)) {
            checkProgram(findings, List.of(name, EXEC), exec, vantage, false);
        }
    }

    private void checkProgram(
            List<Finding> findings,
            List<String> keys,
            Exec exec,
            Vantage vantage,
            boolean isAlone) {
        String program = exec.argv().getFirst();
        if (vantage.root().isEmpty()
                && farFiles.mayHang(program, vantage.cwd(), vantage.searchPath())) {
            return;
        }
        try {
            guises.checkProgram(program, vantage, isAlone);
        } catch (Refusal e) {
            findings.add(new Finding(keys, e.reason()));
        }
    }

    private static void check(List<Finding> findings, Part part) {
        try {
            part.check();
        } catch (Refusal e) {
            add(findings, e);
        }
    }

    private static void add(List<Finding> findings, Refusal refusal) {
        List<String> keys = refusal.key().isEmpty() ? List.of() : List.of(refusal.key());
        findings.add(new Finding(keys, refusal.reason()));
    }
}
