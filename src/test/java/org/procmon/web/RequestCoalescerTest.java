package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RequestCoalescerTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final Semaphore gate = new Semaphore(0);

    @AfterEach
    void endThreads() {
        threads.close();
    }

    /** A call that says its number once the test lets it. */
    private final RequestCoalescer<Integer> gated =
            new RequestCoalescer<>(() -> {
                int number = calls.incrementAndGet();
                gate.acquireUninterruptibly();
                return number;
            });

    private Future<Integer> askGated() {
        return threads.submit(gated::ask);
    }

    @Test
    void eachQuestionAloneIsACall() {
        RequestCoalescer<Integer> requestCoalescer = new RequestCoalescer<>(calls::incrementAndGet);
        assertThat(List.of(requestCoalescer.ask(), requestCoalescer.ask(), requestCoalescer.ask()))
                .containsExactly(1, 2, 3);
    }

    @Test
    void requestsDuringACallShareTheNextOne() throws Exception {
        Future<Integer> first = askGated();
        await().until(() -> calls.get() == 1);
        List<Future<Integer>> others = new ArrayList<>();
        AtomicInteger asking = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            others.add(
                    threads.submit(() -> {
                        asking.incrementAndGet();
                        return gated.ask();
                    }));
        }
        await().until(() -> asking.get() == 20);
        assertThat(calls).hasValue(1);
        gate.release();
        assertThat(first.get()).isEqualTo(1);
        await().until(() -> calls.get() == 2);
        gate.release(20);
        for (Future<Integer> other : others) {
            // All but those that the scheduler kept from asking until the second call was made.
            assertThat(other.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aFailureReachesOnlyCurrentWaiters() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        RequestCoalescer<Integer> requestCoalescer =
                new RequestCoalescer<>(() -> {
                    calls.incrementAndGet();
                    gate.acquireUninterruptibly();
                    if (fails.get()) {
                        throw new IllegalStateException("no");
                    }
                    return 5;
                });
        Future<Integer> first = threads.submit(requestCoalescer::ask);
        await().until(() -> calls.get() == 1);
        Future<Integer> second = threads.submit(requestCoalescer::ask);
        gate.release(2);
        for (Future<Integer> failed : List.of(first, second)) {
            assertThatThrownBy(failed::get)
                    .cause()
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("no");
        }
        fails.set(false);
        gate.release();
        assertThat(requestCoalescer.ask()).isEqualTo(5);
    }

    @Test
    void anInterruptedWaiterDoesNotAffectOthers() throws Exception {
        Future<Integer> first = askGated();
        await().until(() -> calls.get() == 1);
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        AtomicInteger answer = new AtomicInteger();
        Thread leader =
                Thread.ofVirtual()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            answer.set(gated.ask());
                            stillInterrupted.set(Thread.currentThread().isInterrupted());
                        });
        gate.release(2);
        assertThat(first.get()).isEqualTo(1);
        leader.join();
        assertThat(answer.get()).isPositive();
        assertThat(stillInterrupted).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noAnswerIsOlderThanItsQuestionAndNoTwoCallsMeet(long seed) throws Exception {
        AtomicLong clock = new AtomicLong();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Random pauses = new Random(seed);
        RequestCoalescer<Long> requestCoalescer =
                new RequestCoalescer<>(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    long begun = clock.incrementAndGet();
                    calls.incrementAndGet();
                    LockSupport.parkNanos(pauses.nextInt(20_000));
                    running.decrementAndGet();
                    if (begun % 7 == 0) {
                        throw new IllegalStateException("begun at " + begun);
                    }
                    return begun;
                });
        int askers = 50;
        int questions = 100;
        List<Future<Integer>> stale = new ArrayList<>();
        for (int i = 0; i < askers; i++) {
            Random pause = new Random(seed * 1000 + i);
            stale.add(
                    threads.submit(() -> {
                        int wrong = 0;
                        for (int question = 0; question < questions; question++) {
                            LockSupport.parkNanos(pause.nextInt(10_000));
                            long asked = clock.incrementAndGet();
                            long begun = begun(requestCoalescer);
                            wrong += begun < asked ? 1 : 0;
                        }
                        return wrong;
                    }));
        }
        for (Future<Integer> wrong : stale) {
            assertThat(wrong.get()).as("stale answers, seed %d", seed).isZero();
        }
        assertThat(most).as("calls at a time, seed %d", seed).hasValue(1);
        assertThat(calls.get()).as("calls, seed %d", seed).isLessThan(askers * questions);
    }

    private static long begun(RequestCoalescer<Long> requestCoalescer) {
        try {
            return requestCoalescer.ask();
        } catch (CompletionException e) {
            String message = String.valueOf(e.getMessage());
            return Long.parseLong(message.substring(message.lastIndexOf(' ') + 1));
        }
    }
}
