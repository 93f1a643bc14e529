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
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Environment;
import org.procmon.posix.MountTable;
import org.procmon.posix.Spawn;
import org.procmon.spec.Signal;
import org.procmon.supervise.Errand;
import org.procmon.supervise.Errand.Outcome;
import org.procmon.supervise.Errands;

/**
 * Errands as children of the monitor. Each runs under timeout(1), which kills it in time also when
 * the monitor has died meanwhile. Its variables are those of the process, without {@code
 * PROCMON_RUN}: so nobody takes it for a run.
 */
public final class PosixErrands implements Errands {
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final Reaper reaper;
    private final Guises guises;
    private final Tools tools = new Tools(Path.of("/"), Tools.FOLDERS);
    private final Path folder;
    private final AtomicLong inputs = new AtomicLong();

    /**
     * @param folder for what errands find on their standard input; made when first needed
     * @param environment the variables that every child gets
     */
    public PosixErrands(Reaper reaper, Path folder, Map<String, String> environment) {
        this.reaper = reaper;
        this.folder = folder;
        this.guises =
                new Guises(
                        environment,
                        Environment.of(environment),
                        Rights::own,
                        tools,
                        new FarFiles(MountTable.open()::mounts, Guises.searchPath(environment)));
    }

    @Override
    public CompletableFuture<Outcome> run(Errand errand) {
        Optional<Path> input = Optional.empty();
        try {
            if (!errand.input().isEmpty()) {
                input = Optional.of(write(errand.input()));
            }
            return spawn(errand, request(errand, input));
        } catch (Refusal refusal) {
            return notStarted(refusal.error());
        } catch (IOException e) {
            return notStarted(new StartError(0, "cannot write its input: " + e));
        } finally {
            input.ifPresent(PosixErrands::remove);
        }
    }

    /** The user database and the tools are looked at by one errand at a time. */
    private synchronized Spawn.Request request(Errand errand, Optional<Path> input) throws Refusal {
        Map<String, String> own = new HashMap<>(errand.of().env());
        own.putAll(errand.more());
        own.put(PosixLauncher.ID_VARIABLE, errand.of().id());
        Guise guise = guises.of(errand, own);
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of(tools.path(Tool.TIMEOUT), "-s", "KILL", seconds(errand.limit())));
        argv.addAll(guise.argv());
        Spawn.Stream none = new Spawn.Stream.DevNull();
        Spawn.Stream in =
                input.<Spawn.Stream>map(file -> new Spawn.Stream.OpenRead(BytePath.text(file)))
                        .orElse(none);
        return new Spawn.Request(
                argv,
                guise.environment(),
                guise.more(),
                guise.cwd(),
                new Spawn.Streams(in, none, none),
                List.of(),
                Optional.empty(),
                true);
    }

    private CompletableFuture<Outcome> spawn(Errand errand, Spawn.Request request) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        long began = System.nanoTime();
        Reaper.Birth birth =
                reaper.spawnErrand(
                        request,
                        status -> {
                            Duration took = Duration.ofNanos(System.nanoTime() - began);
                            outcome.completeAsync(() -> outcome(errand, status, took), VIRTUAL);
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
                                reaper.killErrand(alive.pid());
                            }
                        });
                yield outcome;
            }
        };
    }

    /** timeout(1) dies of the signal that it sends. */
    private static Outcome outcome(Errand errand, ExitStatus status, Duration took) {
        boolean killed =
                status instanceof ExitStatus.Signaled signaled
                        && signaled.signal() == Signal.KILL.number();
        return killed && took.compareTo(errand.limit()) >= 0
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
