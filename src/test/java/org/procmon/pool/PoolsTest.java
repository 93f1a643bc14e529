package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.Signal;
import org.procmon.config.pool.PoolAddress;
import org.procmon.control.FakeSupervisor;
import org.procmon.pool.listen.Listeners;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.TestListeners;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.PoolView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Command;

@Timeout(120)
class PoolsTest {
    private static final ChangePlan PLAN = new ChangePlan(List.of(), 0);

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final Listeners listeners = new Listeners(Map.of(), Listeners.Keeper.NONE);
    private final List<Throwable> bugs = new ArrayList<>();
    private final List<Descriptor> clients = new ArrayList<>();
    private final Pools pools =
            new Pools(listeners, supervisor, (_, _) -> {}, (_, _) -> {}, (_, e) -> bugs.add(e));

    @AfterEach
    void stop() {
        pools.stop(Feature.End.SHUTDOWN);
        clients.forEach(Descriptor::close);
        assertThat(bugs).isEmpty();
    }

    private PoolBuilder pool(String id) {
        return PoolBuilder.pool(id).at(new PoolAddress.UnixPath(folder.resolve(id), 0600));
    }

    private static MonitorSpec spec(PoolSpec... pools) {
        return new MonitorSpec(
                ControlSpec.DEFAULT,
                Optional.empty(),
                OrphanPolicy.STOP,
                Optional.empty(),
                DecisionPolicy.BOOT,
                List.of(),
                Set.of(),
                List.of(pools));
    }

    private void start(PoolSpec... some) {
        listeners.follow(List.of(some));
        pools.start(new FeatureStart(spec(some), supervisor, false));
    }

    private List<String> started() {
        return supervisor.commands.stream()
                .flatMap(command ->
                        command instanceof Command.StartWorker(var worker)
                                ? Stream.of(worker.id())
                                : Stream.<String>empty())
                .toList();
    }

    private void awaitStarted(String... names) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(started()).containsExactly(names));
    }

    private List<PoolView> views() {
        return pools.pools(Set.of()).orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void theWorkersOfAStaticPoolStartWithTheMonitor() {
        start(pool("php").fixed(2).build());
        awaitStarted("php.1", "php.2");
    }

    @Test
    void aClientStartsAWorkerOfAPoolOnDemand() {
        start(pool("php").onDemand(4).build());
        assertThat(views()).as("the thread runs").hasSize(1);
        assertThat(started()).isEmpty();

        clients.add(TestListeners.client(folder.resolve("php")));

        awaitStarted("php.1");
        assertThat(views().getFirst().queue().waiting()).isEqualTo(1);
    }

    @Test
    void anotherConfigurationIsFollowed() {
        PoolSpec gone = pool("gone").onDemand(1).build();
        start(gone);
        PoolSpec added = pool("added").fixed(1).build();

        pools.prepare(spec(added));
        assertThat(folder.resolve("added")).exists();
        assertThat(folder.resolve("gone")).as("it may still be refused").exists();
        assertThat(started()).isEmpty();

        pools.follow(spec(added), PLAN);

        awaitStarted("added.1");
        assertThat(folder.resolve("gone")).doesNotExist();
        assertThat(views()).extracting(view -> view.spec().id()).containsExactly("added");
    }

    @Test
    void workersThatTheMonitorBeforeMayHaveSuspendedContinue() {
        PoolSpec php = pool("php").onDemand(4).build();
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                WorkerViews.running(php, 3, 4711),
                                FakeSupervisor.running("web", 4712, "sleep 18")),
                        List.of(),
                        false);

        start(php);

        assertThat(supervisor.commands)
                .contains(new Command.SignalWorker("php.3", WorkerViews.RUN, Signal.CONT))
                .noneMatch(command ->
                        command instanceof Command.SignalWorker other
                                && other.name().equals("web"));
        assertThat(views().getFirst().workers()).hasSize(1);
    }

    @Test
    void anOperatorStopsAPoolAndStartsIt() {
        start(pool("php").onDemand(4).build());
        pools.on(new Change.PoolCommanded("php", false));
        assertThat(views().getFirst().isStopped()).isTrue();
        pools.on(new Change.PoolCommanded("php", true));
        assertThat(views().getFirst().isStopped()).isFalse();
    }

    @Test
    void onlyThePoolsThatAreAskedForAreShown() {
        start(pool("a").onDemand(1).build(), pool("b").onDemand(1).build());
        assertThat(pools.pools(Set.of("b")).join())
                .extracting(view -> view.spec().id())
                .containsExactly("b");
        assertThat(views()).hasSize(2);
    }

    @Test
    void noWorkerIsStartedWhileTheMonitorShutsDown() {
        start(pool("php").onDemand(4).build());
        assertThat(views()).hasSize(1);

        pools.on(new Change.ShutdownStarted());

        assertThat(views()).isEmpty();
        clients.add(TestListeners.client(folder.resolve("php")));
        pools.stop(Feature.End.SHUTDOWN);
        assertThat(folder).isEmptyDirectory();
        assertThat(started()).isEmpty();
    }

    @Test
    void theNextMonitorFindsTheListenersOpen() {
        start(pool("php").onDemand(4).build());
        pools.stop(Feature.End.REPLACED);
        clients.add(TestListeners.client(folder.resolve("php")));
    }
}
