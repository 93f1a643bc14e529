package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.protocol.Call;
import org.procmon.web.WebServer.Answer;

/** What becomes of requests when the monitor is away, slow, replaced or asked by many. */
@Timeout(30)
class MonitorCallsTest extends Serving {
    @Test
    void withoutAMonitorItIsUnavailableAndComesBackByItself() throws IOException {
        for (String query : List.of("list", "status=sleep1", "start=sleep1")) {
            Answer away = web.get(query);
            assertThat(away.status()).isEqualTo("503 Service Unavailable");
            assertThat(away.header("Retry-After")).isEqualTo("1");
            assertThat(away.header("Content-Type")).isEqualTo("application/json");
            assertThat(away.body()).startsWith("{\"status\": 503, \"description\" : \"");
        }
        FakeMonitor first = monitor();
        assertThat(web.get("list").body()).isEqualTo(LIST);
        first.close();
        assertThat(web.get("list").status()).isEqualTo("503 Service Unavailable");
        monitor();
        assertThat(web.get("list").body()).isEqualTo(LIST);
    }

    @Test
    void anotherMonitorTakesOverUnnoticed() throws IOException {
        FakeMonitor first = monitor();
        assertThat(web.get("list").body()).isEqualTo(LIST);
        first.close();
        FakeMonitor second = monitor();
        assertThat(web.get("restart=sleep1").status()).isEqualTo("200 OK");
        assertThat(web.get("list").body()).isEqualTo(LIST);
        assertThat(web.get("status=sleep1").body()).isEqualTo(FakeMonitor.SLEEP1);
        assertThat(second.calls).hasSize(3);
    }

    @Test
    void questionsReuseAConnection() throws IOException {
        FakeMonitor monitor = monitor();
        for (int i = 0; i < 10; i++) {
            assertThat(web.get(i % 2 == 0 ? "list" : "status=lost").body()).isNotEmpty();
        }
        assertThat(monitor.accepted).hasValue(1);
    }

    @Test
    void retriesAQueryOnADeadConnection() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("list").status()).isEqualTo("200 OK");
        monitor.dropConnections();
        assertThat(web.get("list").status()).isEqualTo("200 OK");
        assertThat(monitor.accepted).hasValue(2);
    }

    @Test
    void aQuestionIsNotAskedWithoutEnd() throws IOException {
        FakeMonitor monitor = monitor(_ -> Optional.empty());
        assertThat(web.get("list").status()).isEqualTo("503 Service Unavailable");
        assertThat(monitor.calls).hasSize(1);
    }

    @Test
    void aChangeIsNeverAskedForTwice() throws IOException {
        FakeMonitor monitor =
                monitor(call ->
                        call.method().endsWith("Restart")
                                ? Optional.empty()
                                : FakeMonitor.usual(call));
        assertThat(web.get("list").status()).isEqualTo("200 OK");
        assertThat(web.get("restart=sleep1").status()).isEqualTo("503 Service Unavailable");
        assertThat(monitor.calls).hasSize(2);
        assertThat(web.get("list").status()).isEqualTo("200 OK");
    }

    @Test
    void aChangeIsNotLostOnADeadConnection() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("list").status()).isEqualTo("200 OK");
        monitor.dropConnections();
        assertThat(web.get("restart=sleep1").status()).isEqualTo("200 OK");
        assertThat(monitor.calls).hasSize(2);
    }

    @Test
    void slowChangesOfOneAddressHoldUpNoOthers() throws Exception {
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor = monitor(call -> slowStop(call, gate));
        try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> slow = new ArrayList<>();
            for (int i = 0; i < 36; i++) {
                slow.add(browsers.submit(() -> web.get("stop=sleep1", "REMOTE_ADDR", "10.0.0.1")));
            }
            await().until(() -> monitor.calls.size() == 36);
            // More of the same are waited for briefly: done, or only begun.
            assertThat(web.get("restart=sleep1", "REMOTE_ADDR", "10.0.0.1"))
                    .isEqualTo(new Answer(head("200 OK", TEXT, 18), "restarting sleep1\n"));
            Answer begun = web.get("stop=sleep1", "REMOTE_ADDR", "10.0.0.1");
            assertThat(begun).isEqualTo(new Answer(head("202 Accepted", TEXT, 0), ""));
            assertThat(web.get("stop=sleep1&start=sleep1", "REMOTE_ADDR", "10.0.0.1").status())
                    .isEqualTo("504 Gateway Timeout");
            assertThat(monitor.calls.subList(36, 39))
                    .extracting(call -> call.timeoutMs().orElse(0))
                    .containsOnly(1000L);
            // Those of another address are waited for as ever.
            assertThat(web.get("restart=sleep1", "REMOTE_ADDR", "10.0.0.2").status())
                    .isEqualTo("200 OK");
            assertThat(monitor.calls.getLast().timeoutMs()).hasValue(20_000);
            gate.release(36);
            for (Future<Answer> answer : slow) {
                assertThat(answer.get().status()).isEqualTo("200 OK");
            }
        }
        await().until(() -> monitor.openConnections() == 8);
    }

    /** A stop takes until the gate is opened, or until its time is over if that is short. */
    private static Optional<String> slowStop(Call call, Semaphore gate) {
        if (call.method().endsWith("Stop")) {
            if (call.timeoutMs().orElse(0) <= 1000) {
                return Optional.of(FakeMonitor.error("TimedOut", "sleep1", "it is slow"));
            }
            gate.acquireUninterruptibly();
        }
        return FakeMonitor.usual(call);
    }

    @Test
    void questionsOfOneAddressLeaveRoomForThoseOfAnother() throws Exception {
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor =
                monitor(call -> {
                    if (call.onBehalf().orElseThrow().address().equals("10.0.0.1")) {
                        gate.acquireUninterruptibly();
                    }
                    return FakeMonitor.usual(call);
                });
        try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(
                        browsers.submit(() -> web.get("status=sleep1", "REMOTE_ADDR", "10.0.0.1")));
            }
            await().until(() -> monitor.calls.size() == 9);
            assertThat(web.get("status=sleep1", "REMOTE_ADDR", "10.0.0.2").status())
                    .isEqualTo("200 OK");
            assertThat(monitor.accepted.get()).isLessThan(12);
            gate.release(100);
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo("200 OK");
            }
        }
    }

    @Test
    void whatRequestsOfOneAddressHoldLeavesRoomForThoseOfAnother() throws Exception {
        Semaphore gate = new Semaphore(0);
        monitor(call -> {
            if (call.onBehalf().orElseThrow().address().equals("10.0.0.1")) {
                gate.acquireUninterruptibly();
            }
            return FakeMonitor.usual(call);
        });
        String large = "x".repeat(60_000);
        try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 180; i++) {
                answers.add(
                        browsers.submit(() ->
                                web.get(
                                        "status=sleep1",
                                        "REMOTE_ADDR",
                                        "10.0.0.1",
                                        "HTTP_LARGE",
                                        large)));
            }
            await().until(() -> answers.stream().filter(Future::isDone).count() > 30);
            for (String query : List.of("status=sleep1", "list")) {
                assertThat(web.get(query, "REMOTE_ADDR", "10.0.0.2", "HTTP_LARGE", large).status())
                        .isEqualTo("200 OK");
            }
            gate.release(180);
            int refused = 0;
            for (Future<Answer> answer : answers) {
                String status = answer.get().status();
                assertThat(status).isIn("200 OK", "503 Service Unavailable");
                refused += status.startsWith("503") ? 1 : 0;
            }
            assertThat(refused).isBetween(31, 60);
        }
        assertThat(web.get("list", "REMOTE_ADDR", "10.0.0.1").status()).isEqualTo("200 OK");
    }

    @Test
    void theCommandsOfOneQueryShareItsTime() throws Exception {
        FakeMonitor monitor =
                monitor(call -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                    return FakeMonitor.usual(call);
                });
        assertThat(web.get("stop=sleep1&start=sleep1&stop=sleep1").status()).isEqualTo("200 OK");
        assertThat(monitor.calls)
                .extracting(call -> call.timeoutMs().orElse(0))
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void oneSlowCallHoldsUpNoOther() throws Exception {
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor =
                monitor(call -> {
                    if (call.method().endsWith("Stop")) {
                        gate.acquireUninterruptibly();
                    }
                    return FakeMonitor.usual(call);
                });
        try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> slow = browsers.submit(() -> web.get("stop=sleep1"));
            await().until(() -> monitor.calls.size() == 1);
            assertThat(web.get("list").body()).isEqualTo(LIST);
            assertThat(web.get("start=sleep2").status()).isEqualTo("200 OK");
            gate.release();
            assertThat(slow.get().status()).isEqualTo("200 OK");
        }
    }

    @Test
    void listsThatComeDuringAListShareTheNext() throws Exception {
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor =
                monitor(call -> {
                    gate.acquireUninterruptibly();
                    return FakeMonitor.usual(call);
                });
        try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            answers.add(browsers.submit(() -> web.get("list")));
            await().until(() -> monitor.calls.size() == 1);
            for (int i = 0; i < 50; i++) {
                answers.add(browsers.submit(() -> web.get("list")));
            }
            gate.release(100);
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().body()).isEqualTo(LIST);
            }
        }
        assertThat(monitor.accepted).hasValue(1);
        assertThat(monitor.calls.size()).isBetween(2, 51);
    }

    @Test
    void aMonitorThatHangsIsNotWaitedForWithoutEnd() throws Exception {
        serve(Duration.ofMillis(100));
        AtomicBoolean hangs = new AtomicBoolean(true);
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor =
                monitor(call -> {
                    if (hangs.get()) {
                        gate.acquireUninterruptibly();
                    }
                    return FakeMonitor.usual(call);
                });
        Answer late = error(504, "Gateway Timeout", "the monitor did not answer in time");
        assertThat(web.get("list")).isEqualTo(late);
        assertThat(web.get("status=sleep1")).isEqualTo(late);
        hangs.set(false);
        gate.release(10);
        assertThat(web.get("list").body()).isEqualTo(LIST);
        assertThat(monitor.accepted).hasValue(3);
    }
}
