package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Heartbeat;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;

/**
 * The loop's own thread, with real time and a launcher whose children end when they are told to.
 */
@Timeout(60)
class EventLoopTest {
    private final AtomicInteger pids = new AtomicInteger(100);
    private final Set<Integer> alive = ConcurrentHashMap.newKeySet();
    private Optional<EventLoop> loop = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private Optional<Heartbeat> heartbeat = Optional.empty();
    private volatile boolean endsAtOnce;
    private volatile boolean ignoresSignals;
    private volatile CountDownLatch held = new CountDownLatch(0);

    private final Launcher launcher =
            new Launcher() {
                @Override
                public Launching begin(ProcessSpec spec, long number) {
                    int pid = pids.incrementAndGet();
                    alive.add(pid);
                    if (endsAtOnce) {
                        end(spec.id(), number, pid);
                    }
                    return () -> new Launched.Started(pid, pid);
                }

                @Override
                public boolean adopt(ProcessSpec spec, Run run) {
                    throw new AssertionError("not adopted here");
                }

                @Override
                public Found find(ProcessSpec spec, long number) {
                    throw new AssertionError("not looked for here");
                }

                @Override
                public void signalGroup(String name, Run run, Signal signal) {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    if (!ignoresSignals) {
                        end(name, run.number(), run.pid());
                    }
                }

                @Override
                public boolean signalLeader(String name, Run run, Signal signal) {
                    return alive.contains(run.pid());
                }

                @Override
                public Remains remains(ProcessSpec spec, Run run) {
                    return alive.contains(run.pid())
                            ? new Remains.OfItsGroup()
                            : new Remains.Nothing();
                }

                @Override
                public void over(String name, Run run) {}

                @Override
                public void killSurvivors(ProcessSpec spec, Run run) {}
            };

    private void end(String name, long number, int pid) {
        if (alive.remove(pid)) {
            loop.orElseThrow()
                    .leaderExited(name, number, new ExitStatus.Exited(0), ResourceUsage.NONE);
        }
    }

    @AfterEach
    void shutDown() throws Exception {
        endsAtOnce = false;
        assertThat(loop.orElseThrow().submit(new Command.Shutdown()).get(20, TimeUnit.SECONDS))
                .isNotNull();
        assertThat(thread.orElseThrow().join(Duration.ofSeconds(20))).isTrue();
        assertThat(alive).isEmpty();
    }

    @Test
    void anAcknowledgedCommandIsInTheSnapshot() throws Exception {
        EventLoop running = start(process("web").build());
        for (int i = 0; i < 2000; i++) {
            assertThat(done(running, new Command.Stop(List.of("web")))).isTrue();
            assertThat(phase(running, "web")).isEqualTo(Phase.STOPPED);
            assertThat(done(running, new Command.Start(List.of("web")))).isTrue();
            assertThat(phase(running, "web")).isEqualTo(Phase.RUNNING);
        }
    }

    @Test
    void aCommandThatComesAfterTheEndIsRefusedAndNotForgotten() throws Exception {
        EventLoop running = start(process("web").build());
        assertThat(done(running, new Command.Shutdown())).isTrue();
        await().until(() -> !thread.orElseThrow().isAlive());
        assertThat(running.submit(new Command.Start(List.of("web"))).get(10, TimeUnit.SECONDS))
                .isInstanceOf(Reply.ShuttingDown.class);
    }

    @Test
    void aCommandDuringAReplacementLearnsThatTheMonitorIsReplaced() throws Exception {
        EventLoop running = start(process("web").build());
        ignoresSignals = true;
        CompletableFuture<Reply> waiting = running.submit(new Command.Stop(List.of("web")));
        running.leave();
        await().until(() -> !thread.orElseThrow().isAlive());
        assertThat(waiting.get(10, TimeUnit.SECONDS))
                .isEqualTo(
                        new Reply.Failed(
                                "",
                                "the monitor is being replaced before this is done; see 'procmon"
                                        + " list'"));
        assertThat(running.submit(new Command.Start(List.of("web"))).get(10, TimeUnit.SECONDS))
                .isEqualTo(new Reply.ShuttingDown(true));
        alive.clear();
    }

    @Test
    void manyThatEndAtOnceLeaveTheLoopTimeForCommands() throws Exception {
        List<ProcessSpec> specs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            specs.add(process("p" + i).backoff(Duration.ZERO).build());
        }
        endsAtOnce = true;
        EventLoop running = start(specs.toArray(ProcessSpec[]::new));
        assertThat(done(running, new Command.Stop(List.of("p7")))).isTrue();
        assertThat(phase(running, "p7")).isEqualTo(Phase.STOPPED);
        await().until(() -> running.snapshot().processes().getLast().process().tally().runs() > 50);
    }

    /** What is to be told ends on another thread, at any moment: between any two looks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void notifiesAllThatAwaitTheShutdown(int most) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Feature busy =
                new Feature() {
                    @Override
                    public void on(Change change) {}

                    @Override
                    public boolean isBusy() {
                        boolean isBusy = looks.getAndIncrement() < most;
                        if (isBusy) {
                            loop.orElseThrow().featureDone();
                        }
                        return isBusy;
                    }
                };
        EventLoop running = start(busy, process("web").build());
        assertThat(done(running, new Command.Shutdown())).isTrue();
        assertThat(looks).hasValueGreaterThan(most);
    }

    @Test
    void aLoopThatHangsInAStepIsFoundOut() throws Exception {
        EventLoop running = start(process("web").build());
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Thread watchdog =
                Thread.ofPlatform()
                        .start(
                                running.watched(
                                        new LoopWatchdog.Listener() {
                                            @Override
                                            public void stalled(Duration duration) {
                                                told.add("stalled " + duration.toSeconds());
                                            }

                                            @Override
                                            public void moves() {
                                                told.add("moves");
                                            }
                                        }));
        assertThat(running.stall()).isEmpty();
        held = release;
        CompletableFuture<Reply> stop = running.submit(new Command.Stop(List.of("web")));
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("stalled 1");
        assertThat(running.stall()).isPresent();
        held = new CountDownLatch(0);
        release.countDown();
        assertThat(stop.get(30, TimeUnit.SECONDS)).isInstanceOf(Reply.Done.class);
        await().until(() -> told.contains("moves"));
        assertThat(running.stall()).isEmpty();
        watchdog.interrupt();
        watchdog.join();
    }

    @Test
    void anIdleLoopWakesForItsHeartbeat() throws Exception {
        BlockingQueue<String> beats = new LinkedBlockingQueue<>();
        heartbeat =
                Optional.of(
                        new Heartbeat() {
                            @Override
                            public void beat(Snapshot snapshot) {
                                beats.add(Thread.currentThread().getName());
                            }

                            @Override
                            public Optional<Ticks> nextBeat() {
                                Duration pause = Duration.ofMillis(20);
                                return Optional.of(Ticker.system().now().plus(pause));
                            }
                        });
        start(process("web").build());
        for (int i = 0; i < 20; i++) {
            assertThat(beats.poll(30, TimeUnit.SECONDS)).isEqualTo("loop");
        }
    }

    private EventLoop start(ProcessSpec... specs) {
        return start(_ -> {}, specs);
    }

    private EventLoop start(Feature feature, ProcessSpec... specs) {
        EventLoop created =
                new EventLoop(
                        InitialState.of(new MonitorSpec(ControlSpec.DEFAULT, List.of(specs))),
                        new MonitorView(
                                "procmon1", 1, 1, Ticker.system().now(), "procmon", "started"),
                        launcher,
                        HookRunner.NONE,
                        Ticker.system(),
                        Journal.NONE);
        created.attach(feature);
        heartbeat.ifPresent(created::beat);
        loop = Optional.of(created);
        thread =
                Optional.of(
                        Thread.ofPlatform()
                                .name("loop")
                                .start(() -> {
                                    created.takeOver();
                                    created.run();
                                }));
        await().until(() -> created.snapshot().processes().getFirst().process().tally().runs() > 0);
        return created;
    }

    private static boolean done(EventLoop eventLoop, Command command) throws Exception {
        return eventLoop.submit(command).get(20, TimeUnit.SECONDS) instanceof Reply.Done;
    }

    private static Phase phase(EventLoop eventLoop, String name) {
        return eventLoop.snapshot().process(name).orElseThrow().process().state().phase();
    }
}
