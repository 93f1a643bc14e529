package org.procmon.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.procmon.bytes.BytePath;
import org.procmon.config.Signal;
import org.procmon.launch.plan.ChainTool;
import org.procmon.launch.plan.ChainTools;
import org.procmon.launch.plan.LaunchPlan;
import org.procmon.launch.plan.LaunchPlanner;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.launch.plan.OwnPrivileges;
import org.procmon.launch.plan.RemoteFilesystems;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Environment;
import org.procmon.posix.MountTable;
import org.procmon.posix.Spawn;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommand.Outcome;
import org.procmon.supervise.port.HelperCommands;

/**
 * Helper commands as children of the monitor. Each runs under timeout(1), which kills it in time
 * even if the monitor has died meanwhile. Its variables are those of the process, without {@code
 * PROCMON_RUN}: so it is never mistaken for a run.
 */
public final class PosixHelperCommands implements HelperCommands {
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final Reaper reaper;
    private final LaunchPlanner launchPlanner;
    private final ChainTools chainTools = new ChainTools(Path.of("/"), ChainTools.FOLDERS);
    private final Path folder;
    private final AtomicLong inputs = new AtomicLong();

    /**
     * @param folder for the standard input of helper commands; made when first needed
     * @param environment the variables that every child gets
     */
    public PosixHelperCommands(Reaper reaper, Path folder, Map<String, String> environment) {
        this.reaper = reaper;
        this.folder = folder;
        this.launchPlanner =
                new LaunchPlanner(
                        environment,
                        Environment.of(environment),
                        OwnPrivileges::own,
                        chainTools,
                        new RemoteFilesystems(
                                MountTable.open()::mounts, LaunchPlanner.searchPath(environment)));
    }

    @Override
    public CompletableFuture<Outcome> run(HelperCommand helperCommand) {
        Optional<Path> input = Optional.empty();
        try {
            if (!helperCommand.input().isEmpty()) {
                input = Optional.of(write(helperCommand.input()));
            }
            return spawn(helperCommand, request(helperCommand, input));
        } catch (LaunchRefused launchRefused) {
            return notStarted(launchRefused.error());
        } catch (IOException e) {
            return notStarted(new StartError(0, "cannot write its input: " + e));
        } finally {
            input.ifPresent(PosixHelperCommands::remove);
        }
    }

    /** One helper command at a time looks up the user database and the tools. */
    private synchronized Spawn.Request request(HelperCommand helperCommand, Optional<Path> input)
            throws LaunchRefused {
        Map<String, String> own = new HashMap<>(helperCommand.of().env());
        own.putAll(helperCommand.more());
        own.put(PosixLauncher.ID_VARIABLE, helperCommand.of().id());
        LaunchPlan launchPlan = launchPlanner.of(helperCommand, own);
        List<String> argv = new ArrayList<>();
        argv.addAll(
                List.of(
                        chainTools.path(ChainTool.TIMEOUT),
                        "-s",
                        "KILL",
                        seconds(helperCommand.limit())));
        argv.addAll(launchPlan.argv());
        Spawn.Stream none = new Spawn.Stream.DevNull();
        Spawn.Stream in =
                input.<Spawn.Stream>map(file -> new Spawn.Stream.OpenRead(BytePath.text(file)))
                        .orElse(none);
        return new Spawn.Request(
                argv,
                launchPlan.environment(),
                launchPlan.more(),
                launchPlan.cwd(),
                new Spawn.Streams(in, none, none),
                List.of(),
                Optional.empty(),
                true);
    }

    private CompletableFuture<Outcome> spawn(HelperCommand helperCommand, Spawn.Request request) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        long began = System.nanoTime();
        Reaper.Birth birth =
                reaper.spawnHelper(
                        request,
                        status -> {
                            Duration took = Duration.ofNanos(System.nanoTime() - began);
                            outcome.completeAsync(
                                    () -> outcome(helperCommand, status, took), VIRTUAL);
                        });
        return switch (birth) {
            case Reaper.Birth.Failed failed ->
                    notStarted(
                            new StartError(
                                    failed.errno().number(),
                                    PosixLauncher.reason(request, failed.errno())));
            case Reaper.Birth.Alive alive -> {
                CompletableFuture<Outcome> _ =
                        outcome.whenComplete((_, _) -> {
                            if (outcome.isCancelled()) {
                                reaper.killHelper(alive.pid());
                            }
                        });
                yield outcome;
            }
        };
    }

    /** timeout(1) dies of the signal that it sends. */
    private static Outcome outcome(HelperCommand helperCommand, ExitStatus status, Duration took) {
        boolean killed =
                status instanceof ExitStatus.Signaled signaled
                        && signaled.signal() == Signal.KILL.number();
        return killed && took.compareTo(helperCommand.limit()) >= 0
                ? new Outcome.TimedOut()
                : new Outcome.Ended(status);
    }

    private static CompletableFuture<Outcome> notStarted(StartError error) {
        return CompletableFuture.completedFuture(new Outcome.NotStarted(error));
    }

    private Path write(String input) throws IOException {
        FileAttribute<?> mine =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder, mine);
        return Files.writeString(folder.resolve(Long.toString(inputs.incrementAndGet())), input);
    }

    private static void remove(Path input) {
        try {
            Files.deleteIfExists(input);
        } catch (IOException _) {
            // The next monitor's first inputs replace it.
        }
    }

    private static String seconds(Duration limit) {
        return String.valueOf(Math.max(1, limit.toMillis()) / 1000.0);
    }
}
