package org.procmon.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnQueueTest {
    private final AtomicReference<Throwable> bug = new AtomicReference<>();
    private final TurnQueue queue = new TurnQueue("turns", 2, (_, e) -> bug.set(e));
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void runsTasksOneAfterTheOtherInTheirOrder() throws Exception {
        CompletableFuture<String> first = hold("first");
        CompletableFuture<String> second = add("second").orElseThrow();
        CompletableFuture<String> third = add("third").orElseThrow();
        assertThat(done).isEmpty();
        gate.countDown();
        assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo("third");
        assertThat(first).isCompletedWithValue("first");
        assertThat(second).isCompletedWithValue("second");
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void refusesTasksBeyondTheLimitUntilSomeFinish() {
        CompletableFuture<String> first = hold("first");
        CompletableFuture<String> second = add("second").orElseThrow();
        CompletableFuture<String> third = add("third").orElseThrow();
        assertThat(add("fourth")).isEmpty();
        second.cancel(false);
        CompletableFuture<String> fifth = add("fifth").orElseThrow();
        gate.countDown();
        await().until(fifth::isDone);
        assertThat(first).isDone();
        assertThat(third).isDone();
        assertThat(done).containsExactly("first", "third", "fifth");
    }

    @Test
    void aTaskThatFailsLeavesTheNextItsTurn() {
        CompletableFuture<String> failing =
                queue.<String>add(
                                () -> {
                                    throw new IllegalStateException("no");
                                })
                        .orElseThrow();
        await().until(failing::isDone);
        assertThatThrownBy(failing::get).hasRootCauseMessage("no");
        await().until(add("next").orElseThrow()::isDone);
        assertThat(done).containsExactly("next");
    }

    @Test
    void reportsAnErrorAsABug() {
        queue.<String>add(() -> {
            throw new OutOfMemoryError("none left");
        });
        await().untilAsserted(
                        () -> assertThat(bug).hasValueMatching(OutOfMemoryError.class::isInstance));
    }

    /** A task that waits for the gate, and has had its turn when this returns. */
    private CompletableFuture<String> hold(String name) {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> held =
                queue.add(
                                () -> {
                                    begun.countDown();
                                    gate.await();
                                    done.add(name);
                                    return name;
                                })
                        .orElseThrow();
        await().until(() -> begun.getCount() == 0);
        return held;
    }

    private Optional<CompletableFuture<String>> add(String name) {
        return queue.add(() -> {
            done.add(name);
            return name;
        });
    }
}
