package org.procmon.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.lifecycle.Ticks;

@Timeout(60)
class EventLogTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final long FIRST = 1_700_000_000_123_456L;

    private final EventLog eventLog =
            new EventLog(
                    () -> new Ticks(7),
                    InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000, 123_456_789)));

    @Test
    void numbersBeginAtTheMicrosecondAndGrowByOne() {
        assertThat(eventLog.last()).isEqualTo(FIRST - 1);
        add(3);
        assertThat(numbers(eventLog.after(FIRST - 1, 9)))
                .containsExactly(FIRST, FIRST + 1, FIRST + 2);
        assertThat(eventLog.after(FIRST, 1))
                .isEqualTo(
                        new EventLog.Part(
                                List.of(
                                        new NumberedEvent(
                                                FIRST + 1,
                                                new Ticks(7),
                                                1_700_000_000_123L,
                                                happening(1))),
                                FIRST + 1,
                                false));
        assertThat(eventLog.after(FIRST + 2, 9))
                .isEqualTo(new EventLog.Part(List.of(), FIRST + 2, false));
    }

    @Test
    void aClientOfAnotherMonitorGetsAllEventsAndANotice() {
        add(2);
        for (long foreign : new long[] {0, FIRST - 2, FIRST + 2, Long.MAX_VALUE}) {
            EventLog.Part part = eventLog.after(foreign, 9);
            assertThat(part.missed()).isTrue();
            assertThat(numbers(part)).containsExactly(FIRST, FIRST + 1);
            assertThat(part.last()).isEqualTo(FIRST + 1);
        }
    }

    @Test
    void theOldestGoWhenItIsFull() {
        add(EventLog.KEPT + 10);
        long newest = FIRST + EventLog.KEPT + 9;
        assertThat(eventLog.after(FIRST + 9, Integer.MAX_VALUE).missed()).isFalse();
        EventLog.Part part = eventLog.after(FIRST + 8, Integer.MAX_VALUE);
        assertThat(part.missed()).isTrue();
        assertThat(part.events()).hasSize(EventLog.KEPT);
        assertThat(part.events().getFirst().number()).isEqualTo(FIRST + 10);
        assertThat(part.last()).isEqualTo(newest);
    }

    @Test
    void anOvertakenReaderGetsANoticeOfEachGap() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Long> reading =
                CompletableFuture.supplyAsync(() -> {
                    long seen = eventLog.last();
                    long wrong = 0;
                    while (over.getCount() > 0 || seen < eventLog.last()) {
                        EventLog.Part part = eventLog.after(seen, 500);
                        for (NumberedEvent numberedEvent : part.events()) {
                            boolean next = numberedEvent.number() == seen + 1;
                            boolean told = part.missed() && numberedEvent.number() > seen;
                            wrong += next || told ? 0 : 1;
                            seen = numberedEvent.number();
                        }
                    }
                    return wrong;
                });
        add(300_000);
        over.countDown();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aHundredWaitersAreWoken() throws Exception {
        long seen = eventLog.last();
        List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                waiters.add(CompletableFuture.supplyAsync(() -> awaits(seen, LONG), threads));
            }
            assertThat(waiters).noneMatch(CompletableFuture::isDone);
            add(1);
            for (CompletableFuture<Boolean> waiter : waiters) {
                assertThat(waiter.get(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void inABurstReadersAreLetBeForAWhile() throws Exception {
        long begin = System.nanoTime();
        CountDownLatch over = new CountDownLatch(1);
        Thread burst =
                Thread.ofPlatform()
                        .start(() -> {
                            while (over.getCount() > 0) {
                                add(1);
                            }
                        });
        long seen = eventLog.last();
        for (int woken = 0; woken < 40; woken++) {
            assertThat(eventLog.await(seen, LONG)).isTrue();
            seen = eventLog.last();
        }
        long taken = System.nanoTime() - begin;
        over.countDown();
        burst.join();
        // Many a look falls between two rests; without any, all this takes less than one.
        assertThat(taken).isGreaterThan(EventLog.REST.toNanos());
        add(1);
        assertThat(eventLog.await(seen, LONG)).isTrue();
    }

    @Test
    void aWaitingReaderGetsTheEndOfABurst() throws Exception {
        for (int burst = 0; burst < 20; burst++) {
            long seen = eventLog.last();
            add(2);
            while (seen < eventLog.last()) {
                assertThat(eventLog.await(seen, LONG)).isTrue();
                seen = eventLog.after(seen, 1).last();
            }
        }
    }

    @Test
    void doesNotWaitForPastEvents() {
        add(1);
        assertThat(awaits(FIRST - 1, LONG)).isTrue();
        assertThat(awaits(FIRST, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void anInterruptEndsAWait() {
        Thread waiter = Thread.ofVirtual().start(() -> awaits(eventLog.last(), LONG));
        await().until(() -> waiter.getState() != Thread.State.NEW);
        waiter.interrupt();
        await().until(() -> !waiter.isAlive());
    }

    private boolean awaits(long seen, Duration atMost) {
        try {
            return eventLog.await(seen, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            eventLog.add(happening(i));
        }
    }

    private static MonitorEvent happening(int i) {
        return new MonitorEvent.OfMonitor("procmon1", "event " + i, "");
    }

    private static List<Long> numbers(EventLog.Part part) {
        return part.events().stream().map(NumberedEvent::number).toList();
    }
}
