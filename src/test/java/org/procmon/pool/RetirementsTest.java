package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.Signal;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.pool.listen.Sealing;
import org.procmon.posix.Descriptor;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.socket.AcceptedConnections;
import org.procmon.posix.socket.AcceptedConnections.Answer;
import org.procmon.posix.socket.AcceptedConnections.Connections;
import org.procmon.posix.socket.TestListeners;
import org.procmon.posix.socket.WorkerActivity;
import org.procmon.posix.socket.WorkerActivity.Verdict;
import org.procmon.posix.socket.Workers;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Reply;

/** With real children and a clock of the test. */
@Timeout(180)
class RetirementsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STOP = Signal.STOP.toString();
    private static final String CONTINUE = Signal.CONT.toString();

    /** Reads all that each client sends, and hangs up. */
    private static final String SERVER =
            "while (accept(C, STDIN)) { 1 while sysread(C, $b, 1); close C }";

    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();
    private final List<Descriptor> open = new ArrayList<>();
    private final SignallingSupervisor supervisor = new SignallingSupervisor();
    private boolean isShared;
    private final Retirements retirements =
            new Retirements(
                    supervisor,
                    _ -> accepted(),
                    _ -> mustDrain(),
                    _ -> isShared,
                    this::sealing,
                    Runnable::run);
    private Path path = Path.of("");

    /** The answers to the next attempts to keep clients out; after these, it is possible. */
    private final List<Sealing> sealings = new ArrayList<>();

    private boolean mustDrain;

    @BeforeEach
    void listen() {
        path = folder.resolve("s");
        open.add(TestListeners.at(path));
    }

    @AfterEach
    void end() {
        workers.end();
        open.forEach(Descriptor::close);
    }

    private Set<Long> accepted() {
        if (AcceptedConnections.open()
                instanceof AcceptedConnections.Opening.Opened(AcceptedConnections connections)) {
            try (connections) {
                if (connections.ofUnix(Set.of(path.toString()))
                        instanceof Answer.Of<String>(Map<String, Connections> all)) {
                    return all.values().iterator().next().accepted();
                }
            }
        }
        throw new AssertionError("cannot ask the kernel");
    }

    private boolean mustDrain() {
        return mustDrain;
    }

    private Sealing sealing(long inode) {
        assertThat(inode).isEqualTo(TestListeners.inode(open.getFirst()));
        assertThat(isSuspended()).as("no worker accepts meanwhile").isTrue();
        Sealing answer = sealings.isEmpty() ? Sealing.SEALED : sealings.removeFirst();
        supervisor.commands.add("" + answer);
        return answer;
    }

    private Descriptor connect() {
        Descriptor client = TestListeners.client(path);
        open.add(client);
        return client;
    }

    private void start(String... argv) {
        supervisor.worker = workers.start(open.getFirst(), folder, argv);
    }

    private void awaitVerdict(Verdict verdict) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> WorkerActivity.of(supervisor.worker, accepted()).verdict() == verdict);
    }

    private static PoolSpec pool(RetirePolicy.Method method) {
        return PoolBuilder.pool("php").retire(new RetirePolicy(method, PATIENCE)).build();
    }

    private void retire(RetirePolicy.Method method) {
        PoolSpec pool = pool(method);
        retirements.retire(pool, WorkerViews.running(pool, 1, supervisor.worker), false);
    }

    private void retireOld(RetirePolicy.Method method) {
        PoolSpec pool = pool(method);
        retirements.retire(pool, WorkerViews.running(pool, 1, supervisor.worker), true);
    }

    private void idleServer() {
        start("perl", "-e", SERVER);
        awaitVerdict(Verdict.IDLE);
    }

    /** Time passes until the next look. */
    private boolean look() {
        retirements
                .deadline()
                .ifPresent(next -> {
                    supervisor.now = next.compareTo(supervisor.now) > 0 ? next : supervisor.now;
                    retirements.timePassed(supervisor.now);
                });
        return retirements.deadline().isEmpty();
    }

    private void awaitDone() {
        await().pollInterval(Duration.ofMillis(1)).atMost(Duration.ofSeconds(60)).until(this::look);
    }

    private boolean isSuspended() {
        return ProcessStat.of(supervisor.worker).filter(stat -> stat.state() == 'T').isPresent();
    }

    @Test
    void anIdleWorkerIsSuspendedAndThenKilled() {
        idleServer();
        supervisor.now = WorkerViews.SINCE;
        retire(RetirePolicy.Method.AUTO);
        assertThat(retirements.deadline()).as("it starts at once").contains(supervisor.now);

        awaitDone();

        assertThat(supervisor.commands).containsExactly(STOP, "kill php.1");
        assertThat(isSuspended()).as("it cannot accept a client any more").isTrue();
    }

    @Test
    void aWorkerThatServesAClientIsNotTouchedUntilItIsIdle() {
        start("perl", "-e", SERVER);
        Descriptor client = connect();
        awaitVerdict(Verdict.KEPT);
        retire(RetirePolicy.Method.AUTO);
        for (int i = 0; i < 50; i++) {
            assertThat(look()).isFalse();
        }
        assertThat(supervisor.commands).isEmpty();

        client.close();
        awaitVerdict(Verdict.IDLE);
        awaitDone();

        assertThat(supervisor.commands).containsExactly(STOP, "kill php.1");
    }

    @Test
    void aWorkerThatWorksForAClientIsNotTouched() {
        start("perl", "-e", "accept(C, STDIN); 1 while 1");
        connect();
        awaitVerdict(Verdict.BUSY);
        retire(RetirePolicy.Method.FREEZE);
        for (int i = 0; i < 20; i++) {
            assertThat(look()).isFalse();
        }
        assertThat(supervisor.commands).isEmpty();
    }

    @Test
    void aWorkerIsLookedAtEverMoreRarely() {
        start("perl", "-e", SERVER);
        connect();
        awaitVerdict(Verdict.KEPT);
        retire(RetirePolicy.Method.FREEZE);
        List<Long> gaps = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            look();
            gaps.add(retirements.deadline().orElseThrow().since(supervisor.now).toMillis());
        }
        assertThat(gaps).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 200L, 200L);
    }

    @Test
    void afterThePatienceOfThePoolItIsStoppedAnyway() {
        start("perl", "-e", SERVER);
        connect();
        awaitVerdict(Verdict.KEPT);
        retire(RetirePolicy.Method.FREEZE);
        supervisor.now = WorkerViews.SINCE.plus(PATIENCE.minusMillis(1));
        retirements.timePassed(supervisor.now);
        assertThat(supervisor.commands).isEmpty();

        awaitDone();

        assertThat(supervisor.commands).containsExactly("stop php.1");
        assertThat(supervisor.now.since(WorkerViews.SINCE))
                .isBetween(PATIENCE, PATIENCE.plusMillis(500));
    }

    @Test
    void aProgramThatFinishesItsRequestGetsItsSignal() {
        start("php-cgi");
        awaitVerdict(Verdict.IDLE);
        retire(RetirePolicy.Method.AUTO);
        assertThat(supervisor.commands).containsExactly("stop php.1");
        assertThat(retirements.deadline()).isEmpty();
    }

    @Test
    void theConfigurationDecidesHowAWorkerIsStopped() {
        idleServer();
        retire(RetirePolicy.Method.SIGNAL);
        assertThat(supervisor.commands).containsExactly("stop php.1");
        supervisor.commands.clear();

        start("php-cgi");
        awaitVerdict(Verdict.IDLE);
        retire(RetirePolicy.Method.FREEZE);
        awaitDone();
        assertThat(supervisor.commands).containsExactly(STOP, "kill php.1");
    }

    /** The client comes between the look and the signal. */
    @Test
    void aSuspendedWorkerThatHasAClientContinues() {
        idleServer();
        List<Descriptor> client = new ArrayList<>();
        supervisor.beforeStop =
                () -> {
                    if (client.isEmpty()) {
                        client.add(connect());
                        awaitVerdict(Verdict.KEPT);
                    }
                };
        retire(RetirePolicy.Method.AUTO);
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    assertThat(look()).isFalse();
                    return supervisor.commands.contains(CONTINUE);
                });
        assertThat(supervisor.commands).containsExactly(STOP, CONTINUE);
        await().atMost(Duration.ofSeconds(60)).until(() -> !isSuspended());

        client.getFirst().close();
        awaitVerdict(Verdict.IDLE);
        awaitDone();
        assertThat(supervisor.commands).containsExactly(STOP, CONTINUE, STOP, "kill php.1");
    }

    @Test
    void aWorkerThatHasNeverWaitedForClientsIsKilledAtOnce() {
        start("sleep", "1000");
        PoolSpec pool = pool(RetirePolicy.Method.AUTO);
        retirements.retire(pool, WorkerViews.starting(pool, 1, supervisor.worker), false);
        awaitDone();
        assertThat(supervisor.commands).containsExactly(STOP, "kill php.1");
        assertThat(supervisor.now.since(WorkerViews.SINCE)).isLessThan(Duration.ofSeconds(1));
    }

    /** It accepts a client between the look and the signal, and nobody has seen it ready. */
    @Test
    void aStartingWorkerThatAcceptsAClientContinues() {
        idleServer();
        supervisor.beforeStop =
                () -> {
                    if (supervisor.commands.isEmpty()) {
                        connect();
                        awaitVerdict(Verdict.KEPT);
                    }
                };
        PoolSpec pool = pool(RetirePolicy.Method.SIGNAL);
        retirements.retire(pool, WorkerViews.starting(pool, 1, supervisor.worker), false);
        awaitDone();
        assertThat(supervisor.commands)
                .as("it finishes the request")
                .containsExactly(STOP, "stop php.1", CONTINUE);
    }

    @Test
    void aWorkerThatExitsMeanwhileIsNotStartedAgain() {
        start("perl", "-e", SERVER);
        connect();
        awaitVerdict(Verdict.KEPT);
        retire(RetirePolicy.Method.FREEZE);
        PoolSpec pool = pool(RetirePolicy.Method.FREEZE);
        retirements.changed(WorkerViews.running(pool, 1, supervisor.worker));
        assertThat(supervisor.commands).as("it is the same run").isEmpty();

        ProcessView next = WorkerViews.gone(pool, 1);
        retirements.changed(next);

        assertThat(supervisor.commands).containsExactly("kill php.1");
        assertThat(retirements.deadline()).isEmpty();
    }

    @Test
    void aWorkerThatTheLoopDoesNotKnowAnyMoreIsDone() {
        idleServer();
        supervisor.isKnown = false;
        retire(RetirePolicy.Method.FREEZE);
        awaitDone();
        assertThat(supervisor.commands).containsExactly("kill php.1");
    }

    @Test
    void aWorkerThatHasExitedIsRemoved() {
        idleServer();
        workers.end(supervisor.worker);
        retire(RetirePolicy.Method.FREEZE);
        awaitDone();
        assertThat(supervisor.commands).containsExactly("kill php.1");
    }

    @Test
    void theLastWorkerOfAnOldListenerIsKilledOnlyWhenNoClientCanComeAnyMore() {
        idleServer();
        sealings.addAll(List.of(Sealing.HAS_CLIENTS, Sealing.HAS_CLIENTS));
        retireOld(RetirePolicy.Method.FREEZE);
        awaitDone();
        assertThat(supervisor.commands)
                .containsExactly(
                        STOP,
                        "HAS_CLIENTS",
                        CONTINUE,
                        STOP,
                        "HAS_CLIENTS",
                        CONTINUE,
                        STOP,
                        "SEALED",
                        "kill php.1");
    }

    @Test
    void whereClientsCannotBeKeptOutTheLastWorkerWaitsForThem() {
        idleServer();
        sealings.addAll(Collections.nCopies(1000, Sealing.IMPOSSIBLE));
        retireOld(RetirePolicy.Method.FREEZE);
        awaitDone();
        assertThat(supervisor.now.since(WorkerViews.SINCE))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(supervisor.commands).endsWith(STOP, "IMPOSSIBLE", "kill php.1");
    }

    @Test
    void otherWorkersOfAnOldListenerNeedNotWaitForLateClients() {
        idleServer();
        int first = supervisor.worker;
        PoolSpec pool = pool(RetirePolicy.Method.SIGNAL);
        retirements.retire(pool, WorkerViews.running(pool, 1, first), true);
        idleServer();
        retirements.retire(pool, WorkerViews.running(pool, 2, supervisor.worker), true);

        awaitDone();

        assertThat(supervisor.commands).hasSize(5).contains("stop php.1", "stop php.2");
        assertThat(supervisor.commands.getFirst()).startsWith("stop php.");
        assertThat(supervisor.commands.subList(1, 3)).containsExactly(STOP, "SEALED");
        assertThat(supervisor.commands.getLast()).isEqualTo(CONTINUE);
    }

    /** It would accept the connection that keeps clients out, and wait for a request. */
    @Test
    void aSuspendedWorkerContinuesOnlyWhenItHasItsSignal() {
        idleServer();
        supervisor.retired = new CompletableFuture<>();
        retireOld(RetirePolicy.Method.SIGNAL);
        awaitDone();
        assertThat(supervisor.commands).endsWith("SEALED", "stop php.1");
        assertThat(isSuspended()).isTrue();
        supervisor.retired.complete(new Reply.Done(List.of()));
        assertThat(supervisor.commands).endsWith("stop php.1", "CONT");
    }

    /** It gets the signal before it runs again, so it accepts no more. */
    @Test
    void theLastWorkerThatFinishesItsRequestIsSignalledWhileItIsSuspended() {
        start("php-cgi");
        awaitVerdict(Verdict.IDLE);
        retireOld(RetirePolicy.Method.AUTO);
        awaitDone();
        assertThat(supervisor.commands).containsExactly(STOP, "SEALED", "stop php.1", CONTINUE);
    }

    /** One that has its signal, and has not exited, would accept what keeps clients out. */
    @Test
    void theLastWorkerOfAnOldListenerWaitsForTheEndOfTheOthers() {
        idleServer();
        isShared = true;
        retireOld(RetirePolicy.Method.FREEZE);
        for (int i = 0; i < 20; i++) {
            assertThat(look()).isFalse();
        }
        assertThat(supervisor.commands).isEmpty();
        isShared = false;
        awaitDone();
        assertThat(supervisor.commands).containsExactly(STOP, "SEALED", "kill php.1");
    }

    @Test
    void aStartingWorkerServesTheClientsOfAnOldListener() {
        idleServer();
        mustDrain = true;
        PoolSpec pool = pool(RetirePolicy.Method.FREEZE);
        retirements.retire(pool, WorkerViews.starting(pool, 1, supervisor.worker), true);
        for (int i = 0; i < 20; i++) {
            assertThat(look()).isFalse();
        }
        assertThat(supervisor.commands).isEmpty();

        mustDrain = false;
        awaitDone();

        assertThat(supervisor.commands).containsExactly(STOP, "SEALED", "kill php.1");
    }
}
