package org.procmon.trigger.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.config.Schedule;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.ScheduleStore;
import org.procmon.supervise.port.SeenTimes;
import org.procmon.supervise.port.TriggerListener;

/** The thread, with the clock on the wall. */
@Timeout(30)
class SchedulesTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private volatile boolean broken;

    private final ScheduleStore store =
            new ScheduleStore() {
                @Override
                public Map<String, SeenTimes> read() {
                    throw new AssertionError("nothing is to be made up for");
                }

                @Override
                public void write(Map<String, SeenTimes> seen) {
                    throw new AssertionError(seen);
                }
            };

    private final TriggerListener listener =
            new TriggerListener() {
                @Override
                public void timeCame(String name, Schedule.Action action) {
                    if (broken) {
                        throw new IllegalStateException(name);
                    }
                    heard.add(action.word() + " " + name);
                }

                @Override
                public void planned(Map<String, List<ScheduledAction>> plans) {
                    heard.add("plans " + plans.size());
                }

                @Override
                public void filesChanged(String name) {
                    throw new AssertionError(name);
                }

                @Override
                public void remarked(Map<String, String> remarks) {
                    throw new AssertionError(remarks);
                }
            };

    @Test
    void everySecondComesEverySecondUntilItIsNoLongerWanted() throws Exception {
        try (Schedules schedules =
                new Schedules(
                        InstantSource.system(),
                        ZoneId.of("UTC"),
                        "here",
                        listener,
                        _ -> Optional.empty(),
                        store,
                        (_, bug) -> heard.add(bug.toString()))) {
            schedules.follow(Schedulings.spec());
            assertThat(heard).isEmpty();
            schedules.follow(Schedulings.spec("'schedule':{'restart':'* * * * * *'}"));
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("restart p0");
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("restart p0");
            schedules.follow(Schedulings.spec());
            String last = next();
            while (!last.equals("plans 0")) {
                last = next();
            }
            assertThat(heard.poll(1200, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void reportsAFailedThread() throws Exception {
        broken = true;
        try (Schedules schedules =
                new Schedules(
                        InstantSource.system(),
                        ZoneId.of("UTC"),
                        "here",
                        listener,
                        _ -> Optional.empty(),
                        store,
                        (_, bug) -> heard.add(bug.getMessage()))) {
            schedules.follow(Schedulings.spec("'schedule':{'restart':'* * * * * *'}"));
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("p0");
        }
    }

    private String next() throws InterruptedException {
        String next = heard.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    /** A clock that only the test moves. */
    private static final class HandClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        Instant pass(Duration time) {
            now = now.plus(time);
            return now;
        }
    }

    private static final class Memory implements ScheduleStore {
        private final BlockingQueue<Map<String, SeenTimes>> written = new LinkedBlockingQueue<>();
        private volatile Map<String, SeenTimes> content = Map.of();
        private final CountDownLatch readable = new CountDownLatch(1);

        @Override
        public Map<String, SeenTimes> read() {
            try {
                readable.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return content;
        }

        @Override
        public void write(Map<String, SeenTimes> seen) {
            content = seen;
            written.add(seen);
        }

        Instant nextUntil() throws InterruptedException {
            Map<String, SeenTimes> next = written.poll(20, TimeUnit.SECONDS);
            SeenTimes seen = next == null ? null : next.get("p0");
            return seen == null ? Instant.MIN : seen.until();
        }
    }

    private static final String ONCE = "'schedule':{'start':'0 * * * *','missed':'once'}";
    private static final Duration HOUR = Duration.ofHours(1);

    private final HandClock clock = new HandClock();
    private final Memory memory = new Memory();
    private volatile Optional<LatestRun> latest = Optional.empty();

    private Schedules schedules() {
        return new Schedules(
                clock,
                ZoneId.of("UTC"),
                "here",
                listener,
                _ -> latest,
                memory,
                (_, bug) -> heard.add(bug.toString()));
    }

    private void expect(String... words) throws InterruptedException {
        for (String word : words) {
            assertThat(next()).isEqualTo(word);
        }
    }

    @Test
    void whatPassedWithoutAMonitorIsMadeUpForOnce() throws Exception {
        memory.readable.countDown();
        Instant first = clock.instant();
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(ONCE));
            expect("plans 1");
            assertThat(memory.nextUntil()).isEqualTo(first);
            Instant late = clock.pass(HOUR);
            schedules.follow(Schedulings.spec(ONCE));
            expect("start p0", "plans 1");
            assertThat(memory.nextUntil()).isEqualTo(late);
        }
        Instant much = clock.pass(HOUR.multipliedBy(50).plusMinutes(7));
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(ONCE));
            expect("plans 1", "start p0");
            assertThat(memory.nextUntil()).isEqualTo(much);
        }
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(ONCE));
            expect("plans 1");
            memory.nextUntil();
            clock.pass(HOUR);
            schedules.follow(Schedulings.spec(ONCE));
            expect("start p0", "plans 1");
        }
    }

    @Test
    void nothingIsMadeUpForThatAnotherScheduleOrALaterRunHasTakenCareOf() throws Exception {
        memory.readable.countDown();
        String words = "start 0 * * * *; ";
        Instant before = clock.instant().minus(HOUR.multipliedBy(3));
        for (String schedule : List.of("start 30 * * * *; ", words)) {
            memory.content = Map.of("p0", new SeenTimes(schedule, before));
            latest = Optional.of(new LatestRun(clock.instant(), false));
            try (Schedules schedules = schedules()) {
                schedules.follow(Schedulings.spec(ONCE));
                expect("plans 1");
                assertThat(memory.nextUntil()).isEqualTo(clock.instant());
            }
        }
        memory.content = Map.of("p0", new SeenTimes(words, before));
        latest = Optional.of(new LatestRun(clock.instant().minusSeconds(2), true));
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(ONCE));
            expect("plans 1", "start p0");
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void makesUpForARestartOnlyIfRunning() throws Exception {
        memory.readable.countDown();
        String restart = ONCE.replace("start", "restart");
        Map<String, SeenTimes> before =
                Map.of("p0", new SeenTimes("restart 0 * * * *; ", clock.instant().minusSeconds(9)));
        for (boolean alive : new boolean[] {false, true}) {
            memory.content = before;
            latest = Optional.of(new LatestRun(clock.instant().minusSeconds(2), alive));
            try (Schedules schedules = schedules()) {
                schedules.follow(Schedulings.spec(restart));
                expect("plans 1");
                memory.nextUntil();
            }
            assertThat(heard.size()).isEqualTo(alive ? 1 : 0);
        }
    }

    @Test
    void aDiskThatHangsHoldsUpNoTime() throws Exception {
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(ONCE));
            expect("plans 1");
            clock.pass(HOUR);
            schedules.follow(Schedulings.spec(ONCE));
            expect("start p0", "plans 1");
            assertThat(memory.written).isEmpty();
            memory.readable.countDown();
            assertThat(memory.nextUntil()).isEqualTo(clock.instant());
        }
    }

    @Test
    void aTakeoverMakesUpForTheLastMinute() throws Exception {
        memory.readable.countDown();
        String hourly = "'schedule':{'start':'0 * * * *'}";
        clock.pass(Duration.ofSeconds(40));
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(hourly));
            expect("plans 1");
        }
        for (String missed : List.of("}", ",'missed':'skip'}", ",'missed':'once'}")) {
            try (Schedules schedules = schedules()) {
                schedules.resume(Schedulings.spec(hourly.replace("}", missed)));
                expect("plans 1", "start p0");
            }
        }
        latest = Optional.of(new LatestRun(clock.instant().minusSeconds(40), false));
        try (Schedules schedules = schedules()) {
            schedules.resume(Schedulings.spec(hourly));
            expect("plans 1");
        }
        latest = Optional.empty();
        clock.pass(Duration.ofSeconds(21));
        try (Schedules schedules = schedules()) {
            schedules.resume(Schedulings.spec(hourly));
            expect("plans 1");
        }
        assertThat(heard).isEmpty();
    }

    /** At noon, by the clock of the test. */
    @Test
    void whatAnotherMonitorLeftUpIsStoppedIfItIsToBeDown() throws Exception {
        String morning = "'restart':'always','schedule':{'start':'0 8 * * *','stop':'0 11 * * *'}";
        latest = Optional.of(new LatestRun(clock.instant().minus(HOUR.multipliedBy(3)), true));
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(morning));
            expect("stop p0", "plans 1");
        }
        latest = Optional.of(new LatestRun(clock.instant().minusSeconds(60), true));
        try (Schedules schedules = schedules()) {
            schedules.follow(Schedulings.spec(morning));
            expect("plans 1");
            latest = Optional.empty();
            schedules.follow(Schedulings.spec(morning.replace("'0 8", "'0 9")));
            expect("plans 1");
        }
        assertThat(heard).isEmpty();
    }
}
