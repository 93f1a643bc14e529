package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.TestListeners;
import org.procmon.posix.socket.Workers;

/** With real children and a clock of the test. */
@Timeout(120)
class StartingWorkersTest {
    private static final PoolSpec POOL = PoolBuilder.pool("php").build();
    private static final Event READY = new Event.BecameReady(WorkerViews.RUN);

    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();
    private final List<String> names = new ArrayList<>();
    private final List<Event> reports = new ArrayList<>();
    private final StartingWorkers starting =
            new StartingWorkers(
                    (name, event) -> {
                        names.add(name);
                        reports.add(event);
                    },
                    _ -> Set.of(),
                    _ -> {});
    private Descriptor listener = new Descriptor(-1);
    private Ticks now = WorkerViews.SINCE;

    @BeforeEach
    void listen() {
        listener = TestListeners.at(folder.resolve("s"));
    }

    @AfterEach
    void end() {
        workers.end();
        listener.close();
    }

    /** Time passes until the next look. */
    private Duration look() {
        Ticks next = starting.deadline().orElseThrow();
        Duration gap = next.since(now);
        now = next;
        starting.timePassed(now);
        return gap;
    }

    private boolean isDone() {
        if (starting.deadline().isPresent()) {
            look();
        }
        return starting.deadline().isEmpty();
    }

    @Test
    void aWorkerThatWaitsForAClientIsReady() {
        int pid = workers.start(listener, folder, "perl", "-e", "accept(C, STDIN)");
        starting.changed(WorkerViews.starting(POOL, 2, pid), now);

        await().atMost(Duration.ofSeconds(60)).until(this::isDone);

        assertThat(names).containsExactly("php.2");
        assertThat(reports).containsExactly(READY);
    }

    @Test
    void aWorkerThatDoesSomethingElseIsLookedAtEverMoreRarely() {
        int pid = workers.start(listener, folder, "sleep", "1000");
        starting.changed(WorkerViews.starting(POOL, 1, pid), now);

        List<Long> gaps = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            gaps.add(look().toMillis());
        }

        // Every 10 ms in the first 300 ms, in which most programs start, then every 100.
        assertThat(gaps).startsWith(2L, 2L, 4L, 8L, 10L, 10L);
        assertThat(gaps.subList(4, 30)).containsOnly(10L);
        assertThat(gaps).endsWith(20L, 40L, 80L, 100L, 100L, 100L);
        assertThat(reports).isEmpty();
    }

    @Test
    void aWorkerThatIsNotStartingAnyMoreIsNotLookedAt() {
        int pid = workers.start(listener, folder, "sleep", "1000");
        starting.changed(WorkerViews.starting(POOL, 1, pid), now);
        starting.changed(WorkerViews.gone(POOL, 1), now);
        assertThat(starting.deadline()).isEmpty();
    }

    @Test
    void aRunIsNotLookedAtSoonerBecauseItIsReportedTwice() {
        int pid = workers.start(listener, folder, "sleep", "1000");
        starting.changed(WorkerViews.starting(POOL, 1, pid), now);
        look();
        look();
        Ticks next = starting.deadline().orElseThrow();
        starting.changed(WorkerViews.starting(POOL, 1, pid), now);
        assertThat(starting.deadline()).contains(next);
    }

    @Test
    void aWorkerThatHasExitedIsNotReady() {
        int pid = workers.start(listener, folder, "true");
        workers.end(pid);
        starting.changed(WorkerViews.starting(POOL, 1, pid), now);
        look();
        assertThat(reports).isEmpty();
    }
}
