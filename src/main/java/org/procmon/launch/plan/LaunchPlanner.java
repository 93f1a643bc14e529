package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.procmon.bytes.BytePath;
import org.procmon.config.Capability;
import org.procmon.config.EnvFile;
import org.procmon.config.Exec;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.launch.plan.CredentialResolver.Person;
import org.procmon.launch.plan.PathWalk.Purpose;
import org.procmon.posix.Environment;
import org.procmon.supervise.port.HelperCommand;

/**
 * Plans, at each start, how to start a process that differs from the monitor: accounts, limits,
 * programs and files with variables may have changed since the last time. One thread at a time;
 * blocks for a moment at most, and refuses a start whose user database or files do not respond by
 * then.
 */
public final class LaunchPlanner {
    public static final String PATH = "PATH";
    private static final String USUAL_PATH = "/bin:/usr/bin";
    private static final String STATE_VARIABLE = "PROCMON_STATE_DIR";
    private static final String PWD = "PWD";

    /** In addition to all that start with {@link #LOADER}: what the C library and shells obey. */
    private static final Set<String> OBEYED =
            Set.of("BASH_ENV", "ENV", "GCONV_PATH", "LOCPATH", "PS4", "SHELLOPTS");

    private static final String LOADER = "LD_";

    /**
     * Something to be started.
     *
     * @param own the variables that it gets of its own, in any case
     * @param looksUp whether its program is looked up even if the kernel would find the same
     * @param input the standard input of the process
     */
    private record Wanted(
            ProcessSpec spec,
            List<String> words,
            Map<String, String> own,
            boolean looksUp,
            InputSpec input) {}

    private static final Path TOP = Path.of("/");

    private final TimedLookup<Wanted, LaunchPlan> timedLookup = new TimedLookup<>();
    private final Map<String, String> variables;
    private final Environment whole;
    private final Environment bare;
    private final Supplier<OwnPrivileges> rights;
    private final ChainTools chainTools;
    private final RemoteFilesystems remoteFilesystems;
    private final PathWalk walk;
    private final ProgramFinder programs;

    /**
     * @param variables what every child gets
     * @param whole the same
     * @param rights asked at each start
     */
    public LaunchPlanner(
            Map<String, String> variables,
            Environment whole,
            Supplier<OwnPrivileges> rights,
            ChainTools chainTools,
            RemoteFilesystems remoteFilesystems) {
        this.remoteFilesystems = remoteFilesystems;
        this.variables = Map.copyOf(variables);
        this.whole = whole;
        this.bare = Environment.of(bare(variables));
        this.rights = rights;
        this.chainTools = chainTools;
        this.walk = new PathWalk(remoteFilesystems::isBelowFar);
        this.programs = new ProgramFinder(walk);
    }

    /** The directories in which programs are looked for, separated by colons. */
    public static String searchPath(Map<String, String> variables) {
        return variables.getOrDefault(PATH, USUAL_PATH);
    }

    private static Map<String, String> bare(Map<String, String> variables) {
        Map<String, String> bare = new HashMap<>();
        for (String name : List.of(PATH, STATE_VARIABLE)) {
            String value = variables.get(name);
            if (value != null) {
                bare.put(name, value);
            }
        }
        return bare;
    }

    /**
     * How a run is to be started.
     *
     * @param own the variables that it gets of its own, in any case
     * @throws LaunchRefused if it cannot be started like this
     */
    public LaunchPlan of(ProcessSpec spec, Map<String, String> own) throws LaunchRefused {
        return of(new Wanted(spec, spec.exec().argv(), Map.copyOf(own), false, spec.stdin()));
    }

    /** How a helper command is to be started; its program is looked up in any case. */
    public LaunchPlan of(HelperCommand helperCommand, Map<String, String> own)
            throws LaunchRefused {
        List<String> words = helperCommand.exec().argv();
        return of(new Wanted(helperCommand.of(), words, Map.copyOf(own), true, InputSpec.DEFAULT));
    }

    /**
     * Checks whether a process can be started, without starting it. Its program and its directory
     * are looked up in any case.
     *
     * @throws LaunchRefused if it cannot
     */
    public void check(ProcessSpec spec, Map<String, String> own) throws LaunchRefused {
        LaunchPlan _ =
                of(new Wanted(spec, spec.exec().argv(), Map.copyOf(own), true, spec.stdin()));
    }

    /**
     * Refuses a process whose readiness probe is a program that cannot be executed: otherwise the
     * process would be started and stopped again without end.
     */
    public void checkReadiness(ProcessSpec spec, Map<String, String> own) throws LaunchRefused {
        Optional<Exec> asked =
                spec.checks().ready().map(Readiness::sign).flatMap(LaunchPlanner::program);
        if (asked.isPresent()) {
            checkProbe("ready.exec", asked.get(), spec, own);
        }
    }

    /** Likewise, the program of its health probe. */
    public void checkHealth(ProcessSpec spec, Map<String, String> own) throws LaunchRefused {
        if (spec.checks().health().isPresent()
                && spec.checks().health().get().probe() instanceof Probe.Run(Exec exec)) {
            checkProbe("health.exec", exec, spec, own);
        }
    }

    private void checkProbe(String key, Exec asked, ProcessSpec spec, Map<String, String> own)
            throws LaunchRefused {
        List<String> words = asked.argv();
        try {
            LaunchPlan _ = of(new Wanted(spec, words, Map.copyOf(own), true, InputSpec.DEFAULT));
        } catch (LaunchRefused e) {
            // The start itself reports everything else.
            if (e.key().equals(ProgramFinder.KEY)) {
                throw new LaunchRefused(key, "cannot ask '" + key + "': " + e.reason());
            }
        }
    }

    private static Optional<Exec> program(ReadySignal readySignal) {
        return readySignal instanceof ReadySignal.Answers(Probe.Run(Exec exec))
                ? Optional.of(exec)
                : Optional.empty();
    }

    private LaunchPlan of(Wanted wanted) throws LaunchRefused {
        return timedLookup.find(wanted, () -> lookUp(wanted));
    }

    private LaunchPlan lookUp(Wanted wanted) throws LaunchRefused {
        ProcessSpec spec = wanted.spec();
        Identity identity = spec.identity();
        OwnPrivileges now = rights.get();
        Person person = CredentialResolver.of(identity, now);
        LimitCheck.check(identity.limits(), now);
        LimitCheck.check(identity.capabilities(), now);
        LimitCheck.checkCpus(identity.cpus());
        LimitCheck.checkRoot(identity.chroot(), now);

        Map<String, String> more = new HashMap<>(person.variables());
        EnvFiles files = new EnvFiles(now.uid());
        more.putAll(files.read(envFiles(identity, false)));
        more.putAll(wanted.own());
        files.read(envFiles(identity, true))
                .forEach((name, value) -> {
                    // Nothing overrides what procmon itself sets for a run.
                    if (!wanted.own().containsKey(name) || spec.env().containsKey(name)) {
                        more.put(name, value);
                    }
                });
        FileView fileView = vantage(spec, person, more);
        List<String> late = person.uid().isPresent() ? takeObeyed(more) : List.of();
        boolean mayHang = mayHang(wanted, fileView);
        Optional<Path> inside = mayHang || hasRoot(spec) ? inside(spec, mayHang) : Optional.empty();
        if (!mayHang && (wanted.looksUp() || hasRoot(spec))) {
            checkFolder(spec, fileView);
        }
        boolean hasFolder = !identity.clearEnv() && variables.containsKey(PWD);
        Credentials persona =
                new Credentials(
                        identity.umask(),
                        !hasFolder && !more.containsKey(PWD),
                        LimitCheck.niceness(identity, now),
                        identity.cpus(),
                        identity.limits(),
                        identity.chroot(),
                        inside,
                        person.uid(),
                        person.gid(),
                        person.groups(),
                        identity.noNewPrivs(),
                        identity.capabilities(),
                        input(wanted.input(), fileView),
                        wanted.input() instanceof InputSpec.Listener listener
                                && listener.isAnnounced(),
                        late);
        ChainTools inner = chainTools.in(identity.chroot());
        List<String> words = wanted.words();
        List<String> argv = ExecChain.of(persona, chainTools, inner, words);
        boolean chained = argv.size() > words.size();
        boolean isOther = !fileView.searchPath().equals(searchPath(variables));
        if (!mayHang && (chained || isOther || wanted.looksUp())) {
            argv = withPath(argv, argv.size() - words.size(), fileView);
        }
        return new LaunchPlan(
                argv,
                identity.clearEnv() ? bare : whole,
                more,
                inside.isPresent() ? Optional.empty() : spec.cwd().map(BytePath::text),
                person.uid());
    }

    private static List<EnvFile> envFiles(Identity identity, boolean overrides) {
        return identity.envFiles().stream().filter(file -> file.overrides() == overrides).toList();
    }

    private static boolean hasRoot(ProcessSpec spec) {
        return spec.identity().chroot().isPresent();
    }

    /** How the program sees the file system, with all variables that it will have. */
    public FileView vantage(ProcessSpec spec, Person person, Map<String, String> more) {
        Identity identity = spec.identity();
        String path = more.getOrDefault(PATH, searchPath(variables));
        return new FileView(identity.chroot(), spec.cwd(), path, credentials(identity, person));
    }

    private static Optional<FileCredentials> credentials(Identity identity, Person person) {
        if (person.uid().isEmpty()) {
            return Optional.empty();
        }
        int uid = person.uid().getAsInt();
        boolean isRoot = uid == 0 && identity.capabilities().isEmpty();
        boolean mayPass =
                identity.capabilities()
                        .filter(kept ->
                                kept.contains(Capability.DAC_OVERRIDE)
                                        || kept.contains(Capability.DAC_READ_SEARCH))
                        .isPresent();
        return Optional.of(
                new FileCredentials(
                        identity.user().orElse(""),
                        uid,
                        person.gid().orElse(0),
                        new HashSet<>(person.groups().orElse(List.of())),
                        isRoot || mayPass));
    }

    /** In a root of its own, files of other machines are noticed on the way to them. */
    private boolean mayHang(Wanted wanted, FileView fileView) {
        return fileView.root().isEmpty()
                && remoteFilesystems.mayHang(
                        wanted.words().getFirst(), wanted.spec().cwd(), fileView.searchPath());
    }

    /** The directory that a tool is to change to; empty if the child starts in the right one. */
    private static Optional<Path> inside(ProcessSpec spec, boolean mayHang) {
        return mayHang
                ? Optional.of(spec.cwd().orElse(RemoteFilesystems.HERE))
                // A new root is entered at its top.
                : spec.cwd().filter(folder -> !folder.equals(TOP));
    }

    /** The kernel, or a tool, would only report afterwards that it does not exist. */
    public void checkFolder(ProcessSpec spec, FileView fileView) throws LaunchRefused {
        if (spec.cwd().isPresent()) {
            String folder = fileView.folder();
            FileView view = hasRoot(spec) ? fileView : fileView.asMonitor();
            if (walk.look(folder, Purpose.ENTER, view) instanceof FoundFile.Bad bad) {
                throw refusal("cwd", "cannot change to folder '" + folder + "': ", bad);
            }
        }
    }

    /** The file that a tool is to open for the program; empty for none. */
    public Optional<String> input(InputSpec input, FileView fileView) throws LaunchRefused {
        if (!(input instanceof InputSpec.File(Path file))) {
            return Optional.empty();
        }
        String path = file.toString();
        boolean isFar = fileView.root().isEmpty() && remoteFilesystems.isBelowFar(path);
        if (!isFar && walk.look(path, Purpose.READ, fileView) instanceof FoundFile.Bad bad) {
            throw refusal("stdin", "cannot open stdin '" + path + "': ", bad);
        }
        return Optional.of(path);
    }

    private static LaunchRefused refusal(String key, String tried, FoundFile.Bad bad) {
        String reason = tried + bad.words();
        return bad.errno().isLasting()
                ? new LaunchRefused(key, reason)
                : LaunchRefused.forNow(reason);
    }

    /**
     * Removes variables that the tools would obey while they still have root's rights: a user with
     * write access to their paths would get these rights.
     */
    private static List<String> takeObeyed(Map<String, String> variables) {
        List<String> taken = new ArrayList<>();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(LOADER) || OBEYED.contains(name)) {
                taken.add(name + "=" + variable.getValue());
            }
        }
        variables.keySet().removeIf(name -> name.startsWith(LOADER) || OBEYED.contains(name));
        return taken;
    }

    /**
     * Replaces the program by its path: an error is reported now, rather than by a tool, and no
     * tool looks for it elsewhere than the process would.
     */
    private List<String> withPath(List<String> argv, int at, FileView fileView)
            throws LaunchRefused {
        Optional<String> path = programs.find(argv.get(at), fileView);
        if (path.isEmpty()) {
            return argv;
        }
        List<String> found = new ArrayList<>(argv);
        found.set(at, path.get());
        return found;
    }

    /**
     * Refuses if a program of a process cannot be executed.
     *
     * @param isAlone whether the kernel executes it, rather than a tool
     */
    public void checkProgram(String program, FileView fileView, boolean isAlone)
            throws LaunchRefused {
        if (isAlone) {
            programs.checkFormat(program, fileView);
        } else {
            Optional<String> _ = programs.find(program, fileView);
        }
    }
}
