package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.control.FakeOutput;
import org.procmon.control.RawConnection;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.calls.Peer;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.Reloading;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;
import org.procmon.supervise.port.Upgrader;

/**
 * The loop is stopped at each of its stages, and every command comes: each is answered within its
 * limit while the loop stands, and by its outcome when the loop goes on.
 */
@Timeout(120)
class HeldLoopTest {
    /** Where the loop's thread stands. */
    enum Stage {
        BEFORE_THE_TAKEOVER,
        IN_THE_TAKEOVER,
        BEFORE_THE_LOOP,
        IN_THE_FIRST_START,
        IN_A_STEP,
        IN_A_STEP_BEFORE_AN_UPGRADE,
        IN_A_SHUTDOWN,
        AFTER_AN_UPGRADE,
        AFTER_A_SHUTDOWN
    }

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Map<String, String> COMMANDS = commands();

    private static Map<String, String> commands() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("list", call("List", "{}"));
        all.put("list a name", call("List", "{\"names\":[\"w*\"]}"));
        all.put("status", call("Status", "{\"name\":\"web\"}"));
        all.put("explain", call("Explain", "{\"name\":\"web\"}"));
        all.put("explain a monitor", call("Explain", "{\"name\":\"procmon1\"}"));
        for (String method : List.of("Start", "Stop", "Restart", "Refresh", "Delete")) {
            String name = method.equals("Delete") ? "old" : "web";
            all.put(
                    method + " and wait",
                    call(method, "{\"names\":[\"%s\"],\"wait\":true}".formatted(name)));
            all.put(
                    method + " unheard",
                    call(method, "{\"names\":[\"%s\"],\"wait\":false}".formatted(name + "*")));
        }
        all.put("roll", call("Restart", "{\"names\":[\"web\"],\"rolling\":true,\"wait\":true}"));
        all.put("signal", call("Signal", "{\"names\":[\"web\"],\"signal\":\"USR1\"}"));
        all.put("reload", call("Reload", "{}"));
        all.put("reload dry", call("Reload", "{\"dry_run\":true}"));
        all.put("scale", call("Scale", "{\"name\":\"web\",\"instances\":4}"));
        all.put("check", call("Check", "{}"));
        all.put("reopen", call("Reopen", "{}"));
        all.put("tail", call("ReadOutput", "{\"name\":\"web\"}"));
        all.put("events", call("Watch", "{\"since\":0}").replace("}}", "},\"more\":true}"));
        all.put("info", "{\"method\":\"org.varlink.service.GetInfo\"}");
        return all;
    }

    private static String call(String method, String parameters) {
        return "{\"method\":\"org.procmon.Monitor."
                + method
                + "\",\"parameters\":"
                + parameters
                + "}";
    }

    private final ProcessSpec web = process("web").build();
    private final ProcessSpec old = process("old").build();
    private final MonitorSpec spec =
            new MonitorSpec(ControlSpec.DEFAULT, List.of(web, old, process("new").build()));
    private final AtomicInteger pids = new AtomicInteger(1000);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<RawConnection> clients = new ArrayList<>();
    private volatile Stage held = Stage.AFTER_A_SHUTDOWN;

    private final Launcher launcher =
            new Launcher() {
                @Override
                public Launching begin(ProcessSpec process, long number) {
                    pass(Stage.IN_THE_FIRST_START);
                    if (process.id().equals("new") && number > 1) {
                        pass(Stage.IN_A_STEP);
                        pass(Stage.IN_A_STEP_BEFORE_AN_UPGRADE);
                    }
                    int pid = pids.incrementAndGet();
                    return () -> new Launched.Started(pid, pid);
                }

                @Override
                public boolean adopt(ProcessSpec process, Run run) {
                    pass(Stage.IN_THE_TAKEOVER);
                    return true;
                }

                @Override
                public Found find(ProcessSpec process, long number) {
                    return new Found.NeverStarted();
                }

                @Override
                public void signalGroup(String name, Run run, Signal signal) {
                    if (name.equals("new") && signal != Signal.KILL && ends) {
                        pass(Stage.IN_A_SHUTDOWN);
                    }
                    ExitStatus status = new ExitStatus.Signaled(signal.number());
                    eventLoop.leaderExited(name, run.number(), status, ResourceUsage.NONE);
                }

                @Override
                public boolean signalLeader(String name, Run run, Signal signal) {
                    return true;
                }

                @Override
                public Remains remains(ProcessSpec process, Run run) {
                    return new Remains.Nothing();
                }

                @Override
                public void over(String name, Run run) {}

                @Override
                public void killSurvivors(ProcessSpec process, Run run) {}
            };

    private final EventLoop eventLoop =
            new EventLoop(
                    new InitialState(
                            spec,
                            List.of(),
                            List.of(running(web, 7), running(old, 8)),
                            OrphanPolicy.STOP,
                            false),
                    new MonitorView("procmon1", 1, 1, Ticker.system().now(), "procmon", "began"),
                    launcher,
                    HookRunner.NONE,
                    Ticker.system(),
                    Journal.NONE);

    private final Thread thread = Thread.ofPlatform().name("loop").unstarted(this::run);
    private volatile boolean ends;
    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws Exception {
        folder = Files.createTempDirectory("held");
    }

    @AfterEach
    void letItEnd() throws Exception {
        release.countDown();
        Future<Reply> _ = eventLoop.submit(new Command.Shutdown());
        assertThat(thread.join(LONG)).isTrue();
        for (RawConnection client : clients) {
            client.close();
        }
        Files.delete(folder);
    }

    @ParameterizedTest
    @EnumSource
    void eachCommandIsAnsweredWithinItsLimitWhileTheLoopStands(Stage stage) throws Exception {
        hold(stage);
        try (ControlServer _ = open(Duration.ofMillis(300))) {
            Map<String, Future<String>> answers = sendAll();
            for (Map.Entry<String, Future<String>> one : answers.entrySet()) {
                assertThat(one.getValue())
                        .as(one.getKey())
                        .succeedsWithin(LONG)
                        .asString()
                        .matches(
                                "(?s)\\{\"(parameters|continues)\".*"
                                        + "|\\{\"error\":\"org.procmon.Monitor."
                                        + "((TimedOut|ShuttingDown|Busy|NoSuchProcess)\".*"
                                        + "|Failed\".*the monitor is being replaced.*)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersEachCommandOnceTheLoopContinues(Stage stage) throws Exception {
        hold(stage);
        try (ControlServer _ = open(LONG.multipliedBy(2))) {
            Map<String, Future<String>> answers = sendAll();
            release.countDown();
            for (Map.Entry<String, Future<String>> one : answers.entrySet()) {
                assertThat(one.getValue())
                        .as(one.getKey())
                        .succeedsWithin(LONG)
                        .asString()
                        .matches(
                                "(?s)\\{\"(parameters|continues)\".*"
                                        + "|\\{\"error\":\"org.procmon.Monitor."
                                        + "(ShuttingDown|NoSuchProcess|Failed)\".*");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"IN_A_SHUTDOWN", "AFTER_A_SHUTDOWN", "AFTER_AN_UPGRADE"},
            mode = EnumSource.Mode.EXCLUDE)
    void aShutdownIsAnsweredWhenItIsDone(Stage stage) throws Exception {
        hold(stage);
        try (ControlServer _ = open(LONG.multipliedBy(2))) {
            Future<String> end = send(call("Shutdown", "{\"wait\":true}"));
            Future<String> unheard = send(call("Shutdown", "{\"wait\":false}"));
            release.countDown();
            // It holds whoever dies, so it is answered when the loop has taken it.
            assertThat(unheard)
                    .succeedsWithin(LONG)
                    .asString()
                    .matches(
                            "\\{\"(parameters|error\":\"org.procmon.Monitor.(ShuttingDown|Failed.*the monitor is being replaced)).*");
            assertThat(end).succeedsWithin(LONG).asString().matches("\\{\"(parameters|error)\".*");
        }
    }

    /** Starts the loop, and returns when it stands. */
    private void hold(Stage stage) throws Exception {
        held = stage;
        thread.start();
        switch (stage) {
            case BEFORE_THE_TAKEOVER, IN_THE_TAKEOVER, BEFORE_THE_LOOP, IN_THE_FIRST_START -> {}
            case IN_A_STEP -> submit(new Command.Restart(List.of("new")));
            case IN_A_STEP_BEFORE_AN_UPGRADE -> {
                submit(new Command.Restart(List.of("new")));
                assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                eventLoop.leave();
            }
            case AFTER_AN_UPGRADE -> eventLoop.leave();
            case IN_A_SHUTDOWN, AFTER_A_SHUTDOWN -> {
                assertThat(eventLoop.isReady(LONG)).isTrue();
                ends = true;
                submit(new Command.Shutdown());
            }
        }
        assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void submit(Command command) {
        CompletableFuture<Reply> _ = eventLoop.submit(command);
    }

    private void run() {
        pass(Stage.BEFORE_THE_TAKEOVER);
        eventLoop.takeOver();
        pass(Stage.BEFORE_THE_LOOP);
        eventLoop.run();
        pass(Stage.AFTER_AN_UPGRADE);
        pass(Stage.AFTER_A_SHUTDOWN);
    }

    private void pass(Stage stage) {
        if (stage == held && Thread.currentThread().equals(thread)) {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Map<String, Future<String>> sendAll() throws Exception {
        Map<String, Future<String>> answers = new LinkedHashMap<>();
        for (Map.Entry<String, String> command : COMMANDS.entrySet()) {
            answers.put(command.getKey(), send(command.getValue()));
        }
        return answers;
    }

    private Future<String> send(String call) throws Exception {
        RawConnection client = new RawConnection(folder.resolve("s"));
        clients.add(client);
        FutureTask<String> answer = new FutureTask<>(() -> client.call(call));
        Thread.ofVirtual().start(answer);
        return answer;
    }

    private ControlServer open(Duration longestWait) throws Exception {
        EventLog eventLog =
                new MonitorPorts(eventLoop, OutputSource.NONE, Upgrader.NONE, Reloader.NONE)
                        .chronicle();
        eventLog.add(new MonitorEvent.OfMonitor("procmon1", "began", "by a test"));
        return ControlServer.open(
                folder.resolve("s"),
                ControlSpec.DEFAULT,
                new MonitorPorts(
                        eventLoop,
                        new FakeOutput(),
                        Upgrader.NONE,
                        new LoopReloader(),
                        eventLog,
                        HookSource.NONE),
                new Access(ControlSpec.DEFAULT, GroupMembership.NONE),
                Peer::of,
                new ClientLimits(64, 16, LONG, LONG, longestWait, LONG));
    }

    private static JournalEntry running(ProcessSpec spec, int pid) {
        Run run = new Run(pid, 1, 1, Ticker.system().now());
        return new JournalEntry(
                spec.id(),
                spec.exec(),
                spec.stop(),
                new ProcessStatus(
                        Goal.UP,
                        new ProcessState.Running(run),
                        new RunCounters(1, pid, Optional.empty(), Optional.empty(), 0)),
                OptionalLong.empty());
    }

    /** Asks the loop, as a real one does. */
    private final class LoopReloader implements Reloader {
        @Override
        public CompletableFuture<Outcome> reload(boolean dry) {
            Command command = dry ? new Command.PlanReload(spec) : Reloading.command(spec);
            return eventLoop
                    .submit(command)
                    .thenApply(reply ->
                            switch (reply) {
                                case Reply.Planned planned ->
                                        new Outcome.Planned(planned.plan(), List.of(), List.of());
                                case Reply.ShuttingDown _ -> new Outcome.ShuttingDown();
                                case Reply.Done _,
                                        Reply.NoSuchProcess _,
                                        Reply.HasDependents _,
                                        Reply.Failed _ ->
                                        throw new AssertionError(reply);
                            });
        }

        @Override
        public CompletableFuture<Outcome> follow() {
            return reload(false);
        }

        @Override
        public List<String> check() {
            return List.of();
        }

        @Override
        public CompletableFuture<Outcome> scale(String name, int instances) {
            return reload(false);
        }
    }
}
