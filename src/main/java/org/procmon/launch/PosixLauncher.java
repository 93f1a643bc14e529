package org.procmon.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.output.Outputs;
import org.procmon.posix.Environment;
import org.procmon.posix.Errno;
import org.procmon.posix.Spawn;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Signal;
import org.procmon.supervise.Launcher;

/** Starts programs by posix_spawn, with their output captured. Loop thread only. */
public final class PosixLauncher implements Launcher {
    /** The variable by which a child can be told from any other process. */
    public static final String ID_VARIABLE = "PROCMON_ID";

    private final Reaper reaper;
    private final Outputs outputs;
    private final Environment environment;

    /**
     * @param environment the variables that every child gets
     */
    public PosixLauncher(Reaper reaper, Outputs outputs, Map<String, String> environment) {
        this.reaper = reaper;
        this.outputs = outputs;
        this.environment = Environment.of(environment);
    }

    @Override
    public Launched launch(ProcessSpec spec, long number) {
        Optional<String> cwd = spec.cwd().map(Path::toString);
        Spawn.Request request =
                new Spawn.Request(
                        spec.exec().argv(),
                        environment,
                        ownVariables(spec),
                        cwd,
                        outputs.prepare(spec),
                        List.of(),
                        true);
        return switch (reaper.spawn(new RunKey(spec.id(), number), request)) {
            case Spawn.Result.Started started -> new Launched.Started(started.pid(), 0);
            case Spawn.Result.NotStarted failed ->
                    notStarted(failed.errno(), reason(spec, failed.errno()));
        };
    }

    @Override
    public boolean adopt(ProcessSpec spec, Run run) {
        return false;
    }

    @Override
    public Optional<Launched.Started> find(ProcessSpec spec, long number) {
        return Optional.empty();
    }

    private static Launched notStarted(Errno errno, String reason) {
        return new Launched.NotStarted(new StartError(errno.number(), reason));
    }

    @Override
    public void signalGroup(String name, Run run, Signal signal) {
        reaper.signalGroup(new RunKey(name, run.number()), run.pid(), signal);
    }

    @Override
    public boolean signalLeader(String name, Run run, Signal signal) {
        return reaper.signalLeader(new RunKey(name, run.number()), run.pid(), signal);
    }

    @Override
    public boolean isGroupEmpty(Run run) {
        return reaper.isGroupEmpty(run.pid());
    }

    private static Map<String, String> ownVariables(ProcessSpec spec) {
        if (spec.env().isEmpty()) {
            return Map.of(ID_VARIABLE, spec.id());
        }
        Map<String, String> own = new HashMap<>(spec.env());
        own.put(ID_VARIABLE, spec.id());
        return own;
    }

    /**
     * The kernel gives one number for a missing folder, program or interpreter; this tells them
     * apart.
     */
    private static String reason(ProcessSpec spec, Errno errno) {
        Optional<Path> cwd = spec.cwd();
        if (cwd.isPresent() && !isEnterable(cwd.get())) {
            return "cannot change to folder '" + cwd.get() + "': " + errno.words();
        }
        String program = spec.exec().argv().getFirst();
        String tried = "cannot execute '" + program + "': ";
        if (program.indexOf(File.separatorChar) < 0) {
            return errno.equals(Errno.ENOENT) ? tried + "not found in PATH" : tried + errno.words();
        }
        Path file = cwd.map(folder -> folder.resolve(program)).orElseGet(() -> Path.of(program));
        return errno.equals(Errno.ENOENT) && Files.exists(file)
                ? tried + "its interpreter does not exist"
                : tried + errno.words();
    }

    private static boolean isEnterable(Path folder) {
        return Files.isDirectory(folder) && Files.isExecutable(folder);
    }
}
