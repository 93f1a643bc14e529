package org.procmon.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.config.Checks;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.launch.plan.ChainTools;
import org.procmon.launch.plan.LaunchPlan;
import org.procmon.launch.plan.LaunchPlanner;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.launch.plan.OwnPrivileges;
import org.procmon.launch.plan.RemoteFilesystems;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.output.OutputCapture;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Environment;
import org.procmon.posix.Errno;
import org.procmon.posix.Fifo;
import org.procmon.posix.MountTable;
import org.procmon.posix.Processes;
import org.procmon.posix.Spawn;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.NotifyProvider;
import org.procmon.supervise.port.NotifySetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts programs by posix_spawn, with their output captured. Loop thread only. */
public final class PosixLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(PosixLauncher.class);

    /** The variable by which a child can be distinguished from any other process. */
    public static final String ID_VARIABLE = "PROCMON_ID";

    /** The variable with the number of the child's run. */
    static final String RUN_VARIABLE = "PROCMON_RUN";

    /** The variable that distinguishes the children of one monitor from those of another. */
    static final String STATE_VARIABLE = "PROCMON_STATE_DIR";

    private final Reaper reaper;
    private final Cgroups cgroups;
    private final OutputCapture outputCapture;
    private final Environment environment;
    private final Optional<String> stateFolder;
    private final Map<String, String> variables;
    private final Map<String, CompanionStreams> outfits;
    private final StartMarkers marks;
    private final StdinSetup stdinSetup;
    private final NotifyProvider notifyProvider;
    private final RemoteFilesystems remoteFilesystems;
    private @Nullable LaunchPlanner guises;

    /** Of a monitor that gives runs neither cgroups nor a way to report their state. */
    public PosixLauncher(
            Reaper reaper,
            OutputCapture outputCapture,
            Path marks,
            Map<String, String> environment,
            Map<String, CompanionStreams> outfits) {
        this(
                reaper,
                Cgroups.none(reaper),
                outputCapture,
                marks,
                environment,
                outfits,
                NotifyProvider.NONE,
                WorkerListeners.NONE);
    }

    /**
     * @param cgroups those of the runs, beside their variables
     * @param marks a directory for the markers of started runs; beside it is one for the fifos of
     *     their input
     * @param environment the variables that every child gets
     * @param outfits the streams of the monitor's own programs, by their names
     * @param notifyProvider what runs that can report their state get
     * @param listeners the sockets of pools, which their workers get as standard input
     */
    public PosixLauncher(
            Reaper reaper,
            Cgroups cgroups,
            OutputCapture outputCapture,
            Path marks,
            Map<String, String> environment,
            Map<String, CompanionStreams> outfits,
            NotifyProvider notifyProvider,
            WorkerListeners listeners) {
        this.notifyProvider = notifyProvider;
        this.reaper = reaper;
        this.cgroups = cgroups;
        this.outputCapture = outputCapture;
        this.outfits = Map.copyOf(outfits);
        this.marks = new StartMarkers(marks);
        this.stdinSetup = new StdinSetup(marks.resolveSibling("input"), listeners);
        this.variables = Map.copyOf(environment);
        this.remoteFilesystems =
                new RemoteFilesystems(
                        MountTable.open()::mounts, LaunchPlanner.searchPath(variables));
        this.environment = Environment.of(variables);
        this.stateFolder = Optional.ofNullable(environment.get(STATE_VARIABLE));
    }

    @Override
    public Launching begin(ProcessSpec spec, long number) {
        CompanionStreams companionStreams = outfits.get(spec.id());
        LaunchPlan launchPlan;
        try {
            launchPlan = guise(spec, number);
            checkReadiness(spec, number);
        } catch (LaunchRefused e) {
            return refused(e.error());
        }
        if (companionStreams != null) {
            LaunchPlan own = launchPlan.with(companionStreams.variables());
            return new OfOwn(
                    spec,
                    number,
                    request(
                            own,
                            companionStreams.streams(),
                            rising(companionStreams.held().get())));
        }
        Spawn.Streams streams;
        List<Descriptor> held;
        try {
            stdinSetup.makeFolder(spec, launchPlan.owner());
            streams = stdinSetup.with(outputCapture.prepare(spec), spec);
            held = stdinSetup.held(spec);
        } catch (LaunchRefused e) {
            return refused(e.error());
        }
        if (launchPlan.owner().isPresent()) {
            give(streams.in(), launchPlan.owner().getAsInt());
            give(streams.out(), launchPlan.owner().getAsInt());
            give(streams.err(), launchPlan.owner().getAsInt());
        }
        Spawn.Request bare = request(launchPlan, streams, held);
        if (isUnchecked(spec)) {
            return new OfRun(spec, number, bare);
        }
        return switch (notifyProvider.prepare(spec, number, launchPlan.owner())) {
            case NotifySetup.Refused(String reason) -> refused(new StartError(0, reason));
            case NotifySetup.Granted granted -> {
                Optional<Spawn.Further> line =
                        granted.line().map(l -> new Spawn.Further(l.number(), l.path()));
                line.ifPresent(l -> launchPlan.owner().ifPresent(uid -> give(l.path(), uid)));
                LaunchPlan notifying = launchPlan.with(granted.variables());
                yield new OfRun(spec, number, request(notifying, streams, held).with(line));
            }
        };
    }

    @Override
    public Optional<StartError> refusal(ProcessSpec spec) {
        if (outfits.containsKey(spec.id()) || mayHang(spec)) {
            return Optional.empty();
        }
        try {
            guises().check(spec, ownVariables(spec, 1));
            checkReadiness(spec, 1);
            guises().checkHealth(spec, ownVariables(spec, 1));
            return Optional.empty();
        } catch (LaunchRefused e) {
            return Optional.of(e.error());
        }
    }

    /** There may be many, and their order is of no importance: then none needs another copy. */
    private static List<Descriptor> rising(List<Descriptor> held) {
        return held.stream().sorted(Comparator.comparingInt(Descriptor::number)).toList();
    }

    private static Launching refused(StartError error) {
        return () -> new Launched.NotStarted(error);
    }

    /**
     * Why the kernel has not executed a program. The error may concern something of the monitor's
     * own, such as a fifo that was removed; then it may be temporary.
     */
    private Launched explained(
            ProcessSpec spec, Spawn.Request request, Launched.NotStarted launched) {
        if (!new Errno(launched.error().errno()).isLasting() || mayHang(spec)) {
            return launched;
        }
        try {
            guises().check(spec, ownVariables(spec, 1));
        } catch (LaunchRefused e) {
            return new Launched.NotStarted(e.error());
        }
        if (launched.error().errno() != Errno.ENOENT.number() || !areThere(request.streams())) {
            return launched;
        }
        String reason = "cannot execute '" + spec.exec().argv().getFirst() + "': ";
        return new Launched.NotStarted(
                new StartError(
                        launched.error().errno(), reason + "its interpreter does not exist", true));
    }

    private static boolean areThere(Spawn.Streams streams) {
        return isThere(streams.in()) && isThere(streams.out()) && isThere(streams.err());
    }

    private static boolean isThere(Spawn.Stream stream) {
        return !(stream instanceof Spawn.Stream.OpenReadWrite(String path))
                || Files.exists(BytePath.of(path));
    }

    private static Spawn.Request request(
            LaunchPlan launchPlan, Spawn.Streams streams, List<Descriptor> held) {
        return new Spawn.Request(
                launchPlan.argv(),
                launchPlan.environment(),
                launchPlan.more(),
                launchPlan.cwd(),
                streams,
                held,
                Optional.empty(),
                true);
    }

    /** One of the monitor's own programs that is being started. */
    private final class OfOwn implements Launching {
        private final Spawn.Request request;
        private final Reaper.Expected expected;

        OfOwn(ProcessSpec spec, long number, Spawn.Request request) {
            this.request = request;
            this.expected = reaper.expect(new RunKey(spec.id(), number), request);
        }

        @Override
        public Launched await() {
            return launched(request, expected.await());
        }
    }

    /** A run that is being started. */
    private final class OfRun implements Launching {
        private final ProcessSpec spec;
        private final long number;
        private final RunKey key;
        private final Spawn.Request bare;
        private final Spawn.Request request;
        private final Reaper.Expected expected;

        /**
         * @param bare without a start marker
         */
        OfRun(ProcessSpec spec, long number, Spawn.Request bare) {
            this.spec = spec;
            this.number = number;
            this.key = new RunKey(spec.id(), number);
            this.bare = bare;
            this.request = bare.with(marks.of(spec, number));
            this.expected = reaper.expect(key, request);
        }

        @Override
        public Launched await() {
            Launched launched = launched(request, expected.await());
            if (launched instanceof Launched.NotStarted && !marks.remove(spec, number)) {
                // If the marker itself cannot be made, on a full disk, the run starts without it.
                launched = launched(bare, reaper.spawn(key, bare));
            }
            return switch (launched) {
                case Launched.Started started -> {
                    if (number > 1) {
                        marks.remove(spec, number - 1);
                    }
                    cgroups.enter(key, started.pid());
                    yield started;
                }
                case Launched.NotStarted not -> explained(spec, bare, not);
            };
        }
    }

    private static Launched launched(Spawn.Request request, Reaper.Birth birth) {
        return switch (birth) {
            case Reaper.Birth.Alive alive -> new Launched.Started(alive.pid(), alive.born());
            case Reaper.Birth.Failed failed ->
                    notStarted(failed.errno(), reason(request, failed.errno()));
        };
    }

    /** Nearly always nothing is reported and nothing is asked. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isUnchecked(ProcessSpec spec) {
        return spec.checks() == Checks.DEFAULT;
    }

    /** Nearly always everything is as in the monitor. */
    @SuppressWarnings("ReferenceEquality")
    private LaunchPlan guise(ProcessSpec spec, long number) throws LaunchRefused {
        Map<String, String> own = ownVariables(spec, number);
        if (spec.identity() == Identity.DEFAULT
                && !own.containsKey(LaunchPlanner.PATH)
                && !InputSpec.needsTool(spec.stdin())
                && !mayHang(spec)) {
            return new LaunchPlan(
                    spec.exec().argv(),
                    environment,
                    own,
                    spec.cwd().map(BytePath::text),
                    OptionalInt.empty());
        }
        return guises().of(spec, own);
    }

    private void checkReadiness(ProcessSpec spec, long number) throws LaunchRefused {
        if (spec.checks().ready().isPresent()) {
            guises().checkReadiness(spec, ownVariables(spec, number));
        }
    }

    private LaunchPlanner guises() {
        if (guises == null) {
            ChainTools chainTools = new ChainTools(Path.of("/"), ChainTools.FOLDERS);
            guises =
                    new LaunchPlanner(
                            variables,
                            environment,
                            OwnPrivileges::own,
                            chainTools,
                            remoteFilesystems);
        }
        return guises;
    }

    private boolean mayHang(ProcessSpec spec) {
        String path =
                spec.env().getOrDefault(LaunchPlanner.PATH, LaunchPlanner.searchPath(variables));
        return remoteFilesystems.mayHang(spec.exec().argv().getFirst(), spec.cwd(), path);
    }

    /** The child opens it before it becomes that user; the program may open it again. */
    private static void give(Spawn.Stream stream, int uid) {
        if (stream instanceof Spawn.Stream.OpenReadWrite(String path)) {
            give(path, uid);
        }
    }

    private static void give(String path, int uid) {
        Optional<Errno> failed = Fifo.give(path, uid);
        if (failed.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("uid", Integer.toUnsignedString(uid))
                    .addKeyValue("reason", failed.get().words())
                    .log("cannot change the owner of a fifo");
        }
    }

    @Override
    public boolean adopt(ProcessSpec spec, Run run) {
        RunKey key = new RunKey(spec.id(), run.number());
        if (outfits.containsKey(spec.id())) {
            // The first backup is the program that was started by hand.
            return reaper.adopt(key, run.pid(), run.born())
                    || reaper.adoptGuest(key, run.pid(), run.born());
        }
        outputCapture.resume(List.of(spec));
        return reaper.adopt(key, run.pid(), run.born());
    }

    @Override
    public Found find(ProcessSpec spec, long number) {
        marks.remove(spec, number - 1);
        List<String> assignments = assignments(spec, number);
        // A backup that takes over before its start was recorded is not its own backup.
        int self = CurrentProcess.pid();
        Optional<UnrecordedRun> found =
                UnrecordedRun.find(assignments, pid -> pid == self || reaper.isOfAKnownRun(pid));
        if (found.isPresent()) {
            int pid = found.get().pid();
            return new Found.There(new Launched.Started(pid, found.get().born()));
        }
        return marks.isThere(spec, number) ? new Found.Ended() : new Found.NeverStarted();
    }

    /** The variables that all programs of a run start with, unless a program clears them. */
    private List<String> assignments(ProcessSpec spec, long number) {
        List<String> assignments = new ArrayList<>();
        assignments.add(ID_VARIABLE + "=" + spec.id());
        assignments.add(RUN_VARIABLE + "=" + number);
        Optional.ofNullable(spec.env().get(STATE_VARIABLE))
                .or(() -> stateFolder)
                .ifPresent(value -> assignments.add(STATE_VARIABLE + "=" + value));
        return assignments;
    }

    private static Launched notStarted(Errno errno, String reason) {
        boolean isBadFormat = errno.equals(Errno.NO_EXEC_FORMAT);
        return new Launched.NotStarted(new StartError(errno.number(), reason, isBadFormat));
    }

    @Override
    public void signalGroup(String name, Run run, Signal signal) {
        if (reaper.others().knows(run)) {
            reaper.others().signalGroup(run, signal);
        } else {
            reaper.signalGroup(new RunKey(name, run.number()), run.pid(), signal);
        }
    }

    @Override
    public boolean signalLeader(String name, Run run, Signal signal) {
        return reaper.others().knows(run)
                ? reaper.others().signalLeader(run, signal)
                : reaper.signalLeader(new RunKey(name, run.number()), run.pid(), signal);
    }

    @Override
    public Remains remains(ProcessSpec spec, Run run) {
        if (!isGroupEmpty(run)) {
            return new Remains.OfItsGroup();
        }
        List<EscapedProcess> survivors = survivors(spec, run);
        return survivors.isEmpty()
                ? new Remains.Nothing()
                : new Remains.Survivors(survivors.stream().map(EscapedProcess::name).toList());
    }

    @Override
    public void over(String name, Run run) {
        cgroups.leave(new RunKey(name, run.number()));
    }

    @Override
    public void forget(ProcessSpec spec, long runs) {
        marks.remove(spec, runs);
    }

    private boolean isGroupEmpty(Run run) {
        return reaper.others().knows(run)
                ? reaper.others().isGroupEmpty(run)
                : reaper.isGroupEmpty(run.pid());
    }

    @Override
    public void killSurvivors(ProcessSpec spec, Run run) {
        survivors(spec, run).forEach(escapedProcess -> escapedProcess.kill(members(spec, run)));
    }

    /** A backup starts its children with variables of its own, but must not be searched for. */
    private List<EscapedProcess> survivors(ProcessSpec spec, Run run) {
        if (spec.stop().leavesSurvivors() || outfits.containsKey(spec.id())) {
            return List.of();
        }
        int[] orphans = reaper.orphans();
        return orphans.length == 0 ? List.of() : EscapedProcess.among(orphans, members(spec, run));
    }

    /** Recognises the processes of a run, as far as they have kept one of its two marks. */
    private IntPredicate members(ProcessSpec spec, Run run) {
        List<String> assignments = assignments(spec, run.number());
        RunKey key = new RunKey(spec.id(), run.number());
        return pid -> Processes.beganWith(pid, assignments) || cgroups.isIn(pid, key);
    }

    static Map<String, String> ownVariables(ProcessSpec spec, long number) {
        String run = Long.toString(number);
        if (spec.env().isEmpty()) {
            return Map.of(ID_VARIABLE, spec.id(), RUN_VARIABLE, run);
        }
        Map<String, String> own = new HashMap<>(spec.env());
        own.put(ID_VARIABLE, spec.id());
        own.put(RUN_VARIABLE, run);
        return own;
    }

    /**
     * The kernel gives one error number for a missing directory, program or interpreter; this
     * distinguishes them.
     */
    static String reason(Spawn.Request request, Errno errno) {
        Optional<Path> cwd = request.cwd().map(BytePath::of);
        if (cwd.isPresent() && !isEnterable(cwd.get())) {
            return "cannot change to folder '" + cwd.get() + "': " + errno.words();
        }
        String program = request.argv().getFirst();
        String tried = "cannot execute '" + program + "': ";
        if (program.indexOf(File.separatorChar) < 0) {
            return errno.equals(Errno.ENOENT) ? tried + "not found in PATH" : tried + errno.words();
        }
        Path file =
                cwd.map(folder -> folder.resolve(BytePath.of(program)))
                        .orElseGet(() -> BytePath.of(program));
        return errno.equals(Errno.ENOENT) && Files.exists(file)
                ? tried + "its interpreter does not exist"
                : tried + errno.words();
    }

    private static boolean isEnterable(Path folder) {
        return Files.isDirectory(folder) && Files.isExecutable(folder);
    }
}
