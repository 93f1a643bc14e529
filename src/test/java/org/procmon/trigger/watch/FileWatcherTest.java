package org.procmon.trigger.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Schedule;
import org.procmon.config.SpecBuilder;
import org.procmon.config.Triggers;
import org.procmon.config.Watch;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.Ticker;
import org.procmon.supervise.port.TriggerListener;

/** Real files. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FileWatcherTest {
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMillis(500);

    @TempDir Path folder = Path.of("");

    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private volatile Map<String, String> remarks = Map.of();
    private volatile boolean remarked;
    private volatile boolean broken;
    private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();

    private final TriggerListener listener =
            new TriggerListener() {
                @Override
                public void timeCame(String name, Schedule.Action action) {
                    throw new AssertionError(name);
                }

                @Override
                public void planned(Map<String, List<ScheduledAction>> plans) {
                    throw new AssertionError(plans);
                }

                @Override
                public void filesChanged(String name) {
                    if (broken) {
                        throw new IllegalStateException(name);
                    }
                    changed.add(name);
                }

                @Override
                public void remarked(Map<String, String> all) {
                    remarks = all;
                    remarked = true;
                }
            };

    private Optional<FileWatcher> watches = Optional.empty();

    @BeforeEach
    void start() {
        watches = FileWatcher.start(Ticker.system(), listener, (_, bug) -> bugs.add(bug));
    }

    @AfterEach
    void stop() {
        watches.ifPresent(FileWatcher::close);
    }

    /** Also watches something that is missing, which is told once all is watched. */
    private void watch(Path... paths) {
        watches.orElseThrow()
                .follow(
                        new MonitorSpec(
                                ControlSpec.DEFAULT,
                                List.of(
                                        process("web", List.of(paths)).build(),
                                        process("last", List.of(folder.resolve("never")))
                                                .build())));
        await().until(() -> remarked);
    }

    private static SpecBuilder process(String name, List<Path> paths) {
        return SpecBuilder.process(name)
                .triggers(
                        new Triggers(
                                Optional.empty(),
                                Optional.of(new Watch(paths, QUIET)),
                                Optional.empty()));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void assertChangedOnce() throws InterruptedException {
        assertThat(changed.poll(20, TimeUnit.SECONDS)).isEqualTo("web");
        assertUnchanged();
    }

    private void assertUnchanged() throws InterruptedException {
        assertThat(changed.poll(LONG.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aFileThatIsWrittenChangesOnceItIsClosedAndQuiet() throws Exception {
        Path file = write("app", "one");
        watch(file);
        try (OutputStream half = Files.newOutputStream(file)) {
            half.write(1);
            half.flush();
            assertUnchanged();
            half.write(2);
        }
        assertChangedOnce();
    }

    @Test
    void reportsAFailedThread() throws Exception {
        Path file = write("app", "one");
        watch(file);
        broken = true;
        write("app", "two");
        assertThat(bugs.poll(20, TimeUnit.SECONDS)).hasMessage("web");
    }

    @Test
    void aBurstIsOneChange() throws Exception {
        watch(folder);
        // On a busy machine the burst may have rests of its own.
        int most = 1;
        long last = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            write("f" + i % 10, "text " + i);
            long now = System.nanoTime();
            most += now - last > QUIET.toNanos() / 2 ? 1 : 0;
            last = now;
        }
        assertThat(changed.poll(20, TimeUnit.SECONDS)).isEqualTo("web");
        int changes = 1;
        while (changed.poll(LONG.toMillis(), TimeUnit.MILLISECONDS) != null) {
            changes++;
        }
        assertThat(changes).isLessThanOrEqualTo(most);
    }

    @Test
    void aFileThatTakesItsPlaceIsAChangeAndItsNeighbourIsNot() throws Exception {
        Path file = write("app", "one");
        watch(file);
        write("other", "two");
        assertUnchanged();
        Files.move(write("new", "three"), file, StandardCopyOption.ATOMIC_MOVE);
        assertChangedOnce();
        write("app", "and again");
        assertChangedOnce();
    }

    @Test
    void aLinkThatIsSwitchedIsAChangeAnywhereOnTheWay() throws Exception {
        for (String release : List.of("one", "two")) {
            Files.createDirectory(folder.resolve(release));
            write(release + "/app", release);
        }
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("one"));
        watch(current.resolve("app"));
        Path next = Files.createSymbolicLink(folder.resolve("next"), Path.of("two"));
        assertUnchanged();
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
        assertChangedOnce();
        write("one/app", "nobody cares");
        assertUnchanged();
        write("two/app", "this is it");
        assertChangedOnce();
    }

    @Test
    void warnsAboutAMissingFileAndSeesItAppear() throws Exception {
        Path file = folder.resolve("a/b/app");
        watch(file);
        assertThat(remarks).containsEntry("web", "watches " + file + ", which does not exist");
        Files.createDirectory(folder.resolve("a"));
        Files.createDirectory(folder.resolve("a/b"));
        assertUnchanged();
        Files.writeString(file, "here");
        assertChangedOnce();
        assertThat(remarks).doesNotContainKey("web");
    }

    @Test
    void toDeleteIsNoChangeButToPutSomethingThereAgainIs() throws Exception {
        Path file = write("app", "one");
        watch(file);
        Files.delete(file);
        assertUnchanged();
        await().until(() -> remarks.containsKey("web"));
        write("app", "one");
        assertChangedOnce();
    }

    @Test
    void aFolderStandsForItsDirectEntries() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("conf"));
        Path below = Files.createDirectory(watched.resolve("below"));
        write("conf/a", "one");
        watch(watched);
        Files.writeString(below.resolve("deep"), "unseen");
        assertUnchanged();
        Files.delete(watched.resolve("a"));
        assertUnchanged();
        write("conf/b", "new");
        assertChangedOnce();
        Files.createSymbolicLink(watched.resolve("c"), Path.of("b"));
        assertChangedOnce();
    }

    @Test
    void aNewFileThatIsStillOpenIsNotReady() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("bin"));
        watch(watched);
        try (OutputStream half = Files.newOutputStream(watched.resolve("app"))) {
            assertUnchanged();
            half.write(2);
            assertUnchanged();
        }
        assertChangedOnce();
    }

    @Test
    void aNewFileThatIsOnlyLockedHoldsNothingUpForEver() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("conf"));
        watch(watched);
        String lock = watched.resolve("lock").toString();
        Process locking = new ProcessBuilder("flock", lock, "sleep", "60").start();
        try {
            assertChangedOnce();
            write("conf/a", "one");
            assertChangedOnce();
        } finally {
            locking.descendants().forEach(ProcessHandle::destroyForcibly);
            locking.destroyForcibly();
        }
    }

    @Test
    void aNewNameOfAWrittenFileIsNotWaitedFor() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("bin"));
        switch (Inotify.open()) {
            case Inotify.Result.Opened(Inotify inotify) -> {
                try (inotify) {
                    WatchedFolders watchedFolders = new WatchedFolders(inotify);
                    assertThat(watchedFolders.watch(watched, Inotify.Scope.ENTRIES)).isEmpty();
                    Path file = write("file", "done");
                    Files.createLink(watched.resolve("app"), file);
                    Files.delete(file);
                    Set<SymlinkChain.Spot> app = Set.of(new SymlinkChain.Spot(watched, "app"));
                    assertThat(watchedFolders.read(new Ticks(7))).isNotEmpty();
                    assertThat(watchedFolders.isWriting(app)).isFalse();
                    assertThat(watchedFolders.madeEmpty(app)).isEmpty();
                }
            }
            case Inotify.Result.NotOpened not -> throw new AssertionError(not);
        }
    }

    @Test
    void aFolderThatIsReplacedIsAChange() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("conf"));
        write("conf/a", "one");
        watch(watched);
        Path other = Files.createDirectory(folder.resolve("fresh"));
        write("fresh/a", "two");
        Files.move(watched, folder.resolve("old"));
        Files.move(other, watched);
        assertChangedOnce();
        write("conf/a", "three");
        assertChangedOnce();
    }

    @Test
    void aFolderOnTheWayThatIsReplacedIsAChange() throws Exception {
        for (String release : List.of("now", "next")) {
            Files.createDirectories(folder.resolve(release).resolve("x/bin"));
            write(release + "/x/bin/app", release);
        }
        watch(folder.resolve("now/x/bin/app"));
        Files.move(folder.resolve("now"), folder.resolve("old"));
        Files.move(folder.resolve("next"), folder.resolve("now"));
        assertChangedOnce();
        write("now/x/bin/app", "again");
        assertChangedOnce();
    }

    @Test
    void ignoresFilesNoLongerWatched() throws Exception {
        Path file = write("app", "one");
        watch(file);
        Path second = write("second", "one");
        remarked = false;
        remarks = Map.of();
        watches.orElseThrow()
                .follow(
                        new MonitorSpec(
                                ControlSpec.DEFAULT,
                                List.of(process("web", List.of(second)).build())));
        await().until(() -> remarked);
        write("app", "two");
        assertUnchanged();
        write("second", "two");
        assertChangedOnce();
    }
}
