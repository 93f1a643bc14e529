package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.lifecycle.Ticks;

@Timeout(60)
class LoopWatchdogTest {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final AtomicBoolean noteWaits = new AtomicBoolean();
    private final AtomicLong progress = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong jump = new AtomicLong();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final LoopWatchdog watchdog =
            new LoopWatchdog(
                    () -> {
                        looks.incrementAndGet();
                        return noteWaits.get();
                    },
                    progress::get,
                    () -> new Ticks(System.nanoTime() + jump.get()),
                    LOOK,
                    new LoopWatchdog.Listener() {
                        @Override
                        public void stalled(Duration duration) {
                            told.add("stalled " + duration.toSeconds());
                        }

                        @Override
                        public void moves() {
                            told.add("moves");
                        }
                    });
    private final Thread thread = Thread.ofPlatform().daemon().start(watchdog);

    @AfterEach
    void end() throws Exception {
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void reportsAStalledLoopEachSecond() throws Exception {
        noteWaits.set(true);
        watchdog.arm();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("stalled 1");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("stalled 2");
        assertThat(watchdog.stalledSeconds()).isGreaterThanOrEqualTo(2);
        noteWaits.set(false);
        await().until(() -> told.contains("moves"));
        assertThat(watchdog.stalledSeconds()).isZero();
    }

    @Test
    void aLoopThatMovesIsLeftAlone() {
        noteWaits.set(true);
        watchdog.arm();
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    progress.incrementAndGet();
                    return looks.get() > 10;
                });
        noteWaits.set(false);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(told).filteredOn(t -> !t.equals("moves") && !t.equals("stalled 1")).isEmpty();
    }

    @Test
    void nothingWakesItWhileNoNoteWaits() {
        await().until(() -> thread.getState() == Thread.State.WAITING);
        watchdog.arm();
        await().until(() -> looks.get() > 0);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        long before = looks.get();
        await().during(LOOK.multipliedBy(10)).until(() -> looks.get() == before);
        assertThat(told).isEmpty();
    }

    @Test
    void aTimeInWhichThisProcessDidNotRunDoesNotCount() throws Exception {
        noteWaits.set(true);
        watchdog.arm();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("stalled 1");
        jump.set(Duration.ofMinutes(5).toNanos());
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("stalled 2");
        assertThat(watchdog.stalledSeconds()).isLessThan(100);
    }
}
