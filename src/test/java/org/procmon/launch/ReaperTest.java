package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.posix.Environment;
import org.procmon.posix.Spawn;
import org.procmon.supervise.port.ExitListener;

/** Children that end before anybody has learned that they were started. */
@Timeout(60)
class ReaperTest {
    /** Long enough for the reaper to have seen an end. */
    private static final Duration A_WHILE = Duration.ofMillis(200);

    @TempDir Path folder = Path.of("");

    private final Reaper reaper = new Reaper();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Thread reaping =
            Thread.ofPlatform()
                    .start(() ->
                            reaper.reapFor(
                                    new ExitListener() {
                                        @Override
                                        public void leaderExited(
                                                String name,
                                                long run,
                                                ExitStatus status,
                                                ResourceUsage resourceUsage) {
                                            told.add(name + "." + run + " " + status.inWords());
                                        }

                                        @Override
                                        public void strangerExited() {}
                                    }));

    private int sleeper;

    /** Without any child, the reaper does not look before it is told of one. */
    @BeforeEach
    void begin() {
        sleeper = ((Reaper.Birth.Alive) expect("sleeper", "exec sleep 1000").await()).pid();
    }

    @AfterEach
    void end() throws InterruptedException {
        reaper.signalGroup(new Reaper.RunKey("sleeper", 5), sleeper, Signal.KILL);
        reaping.interrupt();
        reaping.join();
    }

    @Test
    void anExitBeforeTheStartIsRecordedBelongsToThatRun() throws Exception {
        Reaper.Expected expected = expect("web", "exit 7");
        Thread.sleep(A_WHILE);
        assertThat(told).isEmpty();
        assertThat(expected.await()).isInstanceOf(Reaper.Birth.Alive.class);
        assertThat(next()).isEqualTo("web.5 exited with code 7");
    }

    @Test
    void reapsAKnownChildWhileAnotherIsStarting() throws Exception {
        Path gate = folder.resolve("gate");
        Reaper.Expected first =
                expect("first", "while [ ! -e %s ]; do sleep 0.01; done; exit 1".formatted(gate));
        assertThat(first.await()).isInstanceOf(Reaper.Birth.Alive.class);
        Reaper.Expected second = expect("second", "sleep 1000");
        Files.createFile(gate);
        assertThat(next()).isEqualTo("first.5 exited with code 1");
        Reaper.Birth.Alive alive = (Reaper.Birth.Alive) second.await();
        reaper.signalGroup(new Reaper.RunKey("second", 5), alive.pid(), Signal.KILL);
        assertThat(next()).startsWith("second.5 ");
    }

    @Test
    void reportsEachOfSeveralExitsOnce() throws Exception {
        List<Reaper.Expected> expected =
                List.of(expect("a", "exit 1"), expect("b", "exit 2"), expect("c", "exit 3"));
        Thread.sleep(A_WHILE);
        expected.forEach(Reaper.Expected::await);
        await().until(() -> told.size() == 3);
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "a.5 exited with code 1",
                        "b.5 exited with code 2",
                        "c.5 exited with code 3");
    }

    private Reaper.Expected expect(String name, String script) {
        Spawn.Stream none = new Spawn.Stream.DevNull();
        return reaper.expect(
                new Reaper.RunKey(name, 5),
                new Spawn.Request(
                        List.of("sh", "-c", script),
                        Environment.of(System.getenv()),
                        Map.of(),
                        Optional.empty(),
                        new Spawn.Streams(none, none, none),
                        List.of(),
                        Optional.empty(),
                        true));
    }

    private String next() throws InterruptedException {
        return Optional.ofNullable(told.poll(30, TimeUnit.SECONDS)).orElseThrow();
    }
}
