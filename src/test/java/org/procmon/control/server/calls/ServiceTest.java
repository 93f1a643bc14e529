package org.procmon.control.server.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ControlSpec;
import org.procmon.config.Signal;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeReloader;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.PoolSource;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Upgrader;
import org.procmon.supervise.port.UsageSource;

class ServiceTest {
    private static final String DATE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeOutput output = new FakeOutput();
    private volatile Upgrader.Outcome upgrade = new Upgrader.Outcome.Refused("no reason");
    private final AtomicInteger usageAsked = new AtomicInteger();
    private Path socket = folder;

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @SuppressWarnings("NullAway.Init")
    private RawConnection client;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("control.sock");
        server =
                ControlServer.open(
                        socket,
                        ControlSpec.DEFAULT,
                        new MonitorPorts(
                                supervisor,
                                output,
                                () -> upgrade,
                                new FakeReloader(),
                                new EventLog(supervisor::now, InstantSource.system()),
                                HookSource.NONE,
                                this::usage,
                                PoolSource.NONE),
                        GroupMembership.NONE);
        client = new RawConnection(socket);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void listReturnsMonitorsAndThenProcessesInRichForm() throws IOException {
        String reply = client.monitor("List", "{}");

        assertThat(reply.replaceAll(DATE, "DATE"))
                .isEqualTo(
                        "{\"parameters\":{\"processes\":["
                                + "{\"name\":\"procmon1\",\"state\":\"running\",\"goal\":\"up\",\"pid\":100,"
                                + "\"runcount\":1,\"restarts\":0,\"since\":\"DATE\",\"age_ms\":3723000,"
                                + "\"uptime_ms\":3723000,\"exec\":\"procmon -F f\",\"cause\":\"started\",\"depends\":[]},{\"name\":\"procmon2\",\"state\":\"running\",\"goal\":\"up\",\"pid\":99,\"runcount\":2,\"restarts\":1,\"since\":\"DATE\",\"age_ms\":5000,\"uptime_ms\":5000,\"exec\":\"procmon"
                                + " -f f\",\"cause\":\"started\",\"depends\":[]},{\"name\":\"web\",\"state\":\"running\",\"goal\":\"up\",\"pid\":4711,\"runcount\":3,\"restarts\":2,\"since\":\"DATE\",\"age_ms\":13000,\"uptime_ms\":13000,\"exec\":\"sleep"
                                + " 18\",\"cause\":\"run 3\",\"depends\":[]},{\"name\":\"job\",\"state\":\"failed\",\"goal\":\"down\",\"pid\":42,\"runcount\":1,\"restarts\":0,\"since\":\"DATE\",\"age_ms\":721000,\"exec\":\"sh"
                                + " -c 'exit \\\"1\\\"'\",\"cause\":\"was ended by SIGKILL after 1.0 s\","
                                + "\"last_exit\":{\"signal\":\"KILL\",\"at\":\"DATE\",\"run_ms\":1000,\"user_ms\":7,"
                                + "\"system_ms\":3,\"max_rss\":4096},\"depends\":[]}]}}");
    }

    @Test
    void measuresUsageOfLiveRuns() throws IOException {
        assertThat(client.monitor("Status", "{\"name\":\"web\",\"usage\":true}"))
                .endsWith("\"depends\":[],\"cpu_percent\":10.0,\"rss\":4096}}}");
        assertThat(client.monitor("Status", "{\"name\":\"job\",\"usage\":true}"))
                .doesNotContain("\"rss\"");
        assertThat(client.monitor("List", "{\"names\":[\"*b\"],\"usage\":true}"))
                .containsOnlyOnce("\"rss\":4096");
        assertThat(usageAsked).hasValue(3);
        assertThat(client.monitor("List", "{}")).doesNotContain("\"rss\"");
        assertThat(client.monitor("Status", "{\"name\":\"web\",\"usage\":false}"))
                .doesNotContain("\"rss\"");
        assertThat(usageAsked).hasValue(3);
    }

    @Test
    void checkReturnsProblemsAndUnknownMethodsAreRefused() throws IOException {
        assertThat(client.monitor("Check", "{}"))
                .isEqualTo("{\"parameters\":{\"problems\":[\"a.json:1:2: it is wrong\"]}}");
        assertThat(client.monitor("Check", "{\"dry_run\":true}")).contains("InvalidParameter");
        assertThat(client.monitor("Nothing", "{}")).contains("MethodNotFound");
    }

    private Map<Integer, UsageSource.Used> usage() {
        usageAsked.incrementAndGet();
        UsageSource.Used tenth = new UsageSource.Used(Duration.ofMillis(1300), 4096);
        return Map.of(4711, tenth, 42, tenth);
    }

    @Test
    void anExplanationNamesEachThatIsWaitedForOnceAndTheNearestFirst() throws IOException {
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                FakeSupervisor.waiting("a", "b"),
                                FakeSupervisor.waiting("b", "c"),
                                FakeSupervisor.waiting("c", "gone")),
                        supervisor.snapshot.monitors(),
                        false);
        output.write("a", StandardStream.STDERR, "one\ntwo\n".getBytes(UTF_8));

        assertThat(client.monitor("Explain", "{\"name\":\"a\"}").replaceAll(DATE, "DATE"))
                .startsWith("{\"parameters\":{\"explanation\":{\"process\":{\"name\":\"a\",")
                .endsWith(
                        "},\"chain\":[{\"name\":\"b\",\"state\":\"waiting\",\"cause\":\"waits for"
                                + " c\"},{\"name\":\"c\",\"state\":\"waiting\",\"cause\":\"waits for"
                                + " gone\"},{\"name\":\"gone\",\"state\":\"\",\"cause\":\"it was"
                                + " deleted\"}],\"last_words\":[\"one\",\"two\"],\"outlook\":\"it starts"
                                + " as soon as b is up\"}}}");
        assertThat(client.monitor("Explain", "{\"name\":\"procmon1\"}"))
                .contains("\"outlook\":\"if it exits, the backup takes over");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['web']           | web",
                "['w*','job']      | web,job",
                "['job','web']     | web,job",
                "['procmon1']      | procmon1",
                "['procmon*']      | procmon1,procmon2",
                "['all']           | procmon1,procmon2,web,job",
                "[]                | procmon1,procmon2,web,job",
            })
    void listSelectsByNamesAndGlobs(String names, String expected) throws IOException {
        String reply = client.monitor("List", "{\"names\":" + names.replace('\'', '"') + "}");

        assertThat(
                        Pattern.compile("\"name\":\"([^\"]*)\"")
                                .matcher(reply)
                                .results()
                                .map(r -> r.group(1)))
                .containsExactly(expected.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "List    | {'names':['web','x']}       | Monitor.NoSuchProcess | 'name':'x'",
                "List    | {'names':['x*']}            | Monitor.NoSuchProcess | 'name':'x*'",
                "List    | {'names':['../etc']}        | Monitor.InvalidName   | 'name':'../etc'",
                "List    | {'names':['']}              | Monitor.InvalidName   | 'name':''",
                "List    | {'names':'web'}             | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "List    | {'names':[1]}               | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "List    | {'wait':true}               | service.InvalidParameter |"
                        + " 'parameter':'wait'",
                "List    | {'colour':[{}]}             | service.InvalidParameter |"
                        + " 'parameter':'colour'",
                "Explain | {'name':'x'}                | Monitor.NoSuchProcess | 'name':'x'",
                "Explain | {'names':['web']}           | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "Status  | {'name':'x'}                | Monitor.NoSuchProcess | 'name':'x'",
                "Status  | {'name':'w*'}               | Monitor.NoSuchProcess | 'name':'w*'",
                "Status  | {}                          | service.InvalidParameter |"
                        + " 'parameter':'name'",
                "Start   | {}                          | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "Start   | {'names':[]}                | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "Start   | {'names':['x']}             | Monitor.NoSuchProcess | 'name':'x'",
                "Start   | {'names':['x'],'wait':false} | Monitor.NoSuchProcess | 'name':'x'",
                "Start   | {'names':['web'],'timeout_ms':-1} | service.InvalidParameter |"
                        + " 'parameter':'timeout_ms'",
                "Start   | {'names':['web'],'timeout_ms':1e999} | service.InvalidParameter |"
                        + " 'parameter':'timeout_ms'",
                "Start   | {'names':['web'],'timeout_ms':99999999999999999999} |"
                        + " service.InvalidParameter | 'parameter':'timeout_ms'",
                "Stop    | {'names':['procmon1']}      | Monitor.InvalidName |"
                        + " 'name':'procmon1','reason':'procmon1 is the monitor itself; procmon -x"
                        + " stops it'",
                "Restart | {'names':['procmon1']}      | Monitor.InvalidName |"
                        + " 'name':'procmon1','reason':'procmon1 is the monitor itself; procmon"
                        + " upgrade replaces it'",
                "Stop    | {'names':['web','procmon2']} | Monitor.InvalidName |"
                        + " 'name':'procmon2','reason':'procmon2 is the backup of the monitor; it"
                        + " can only be restarted'",
                "Delete  | {'names':['procmon2']}      | Monitor.InvalidName |"
                        + " 'name':'procmon2'",
                "Signal  | {'names':['procmon2'],'signal':'HUP'} | Monitor.InvalidName |"
                        + " 'name':'procmon2'",
                "Upgrade | {'timeout_ms':1}            | service.InvalidParameter |"
                        + " 'parameter':'timeout_ms'",
                "Upgrade | {}                          | Monitor.Failed |"
                        + " 'name':'','reason':'no reason'",
                "Signal  | {'names':['web']}           | service.InvalidParameter |"
                        + " 'parameter':'signal'",
                "Signal  | {'names':['web'],'signal':'NO'} | service.InvalidParameter |"
                        + " 'parameter':'signal'",
                "Watch   | {'names':7}                 | service.InvalidParameter |"
                        + " 'parameter':'names'",
                "Watch   | {'since':-1}                | service.InvalidParameter |"
                        + " 'parameter':'since'",
                "Watch   | {}                          | service.ExpectedMore | 'error'",
                "List    | {'on_behalf':{'user':7}}    | service.InvalidParameter |"
                        + " 'parameter':'on_behalf'",
                "List    | {'on_behalf':'root'}        | service.InvalidParameter |"
                        + " 'parameter':'on_behalf'",
                "Fly     | {}                          | service.MethodNotFound |"
                        + " 'method':'org.procmon.Monitor.Fly'",
            })
    void aBadCallIsAnsweredWithItsError(String method, String parameters, String error, String told)
            throws IOException {
        String reply = client.monitor(method, parameters.replace('\'', '"'));

        assertThat(reply.replace('"', '\''))
                .contains(
                        "{'error':'org."
                                + (error.startsWith("M") ? "procmon." : "varlink.")
                                + error)
                .contains(told);
        assertThat(supervisor.commands.stream().filter(c -> !(c instanceof Command.Start)))
                .isEmpty();
    }

    @Test
    void eachMethodBecomesItsCommand() throws Exception {
        client.monitor("Start", "{\"names\":[\"web\"]}");
        client.monitor("Stop", "{\"names\":[\"w*\",\"job\"],\"timeout_ms\":500}");
        client.monitor("Restart", "{\"names\":[\"all\"],\"wait\":null}");
        client.monitor("Delete", "{\"names\":[\"job\"]}");
        client.monitor("Signal", "{\"names\":[\"web\"],\"signal\":\"SIGHUP\"}");
        client.monitor("Shutdown", "{}");

        assertThat(supervisor.commands)
                .containsExactly(
                        new Command.Start(List.of("web")),
                        new Command.Stop(List.of("w*", "job")),
                        new Command.Restart(List.of("all")),
                        new Command.Delete(List.of("job"), false),
                        new Command.SendSignal(List.of("web"), Signal.HUP),
                        new Command.Shutdown());
    }

    @Test
    void answersACommandWithoutWaitAtOnce() throws IOException {
        supervisor.hang();

        assertThat(client.monitor("Start", "{\"names\":[\"web\"],\"wait\":false}"))
                .contains("\"name\":\"web\"");
        assertThat(client.monitor("Shutdown", "{\"wait\":false}")).isEqualTo("{\"parameters\":{}}");
        assertThat(supervisor.commands).hasSize(2);
    }

    @Test
    void aCommandThatTakesTooLongTimesOutWithItsCauseAndIsGivenUp() throws Exception {
        supervisor.hang();
        supervisor.snapshot =
                new Snapshot(List.of(FakeSupervisor.waiting("web", "db")), List.of(), false);

        String reply = client.monitor("Start", "{\"names\":[\"web\"],\"timeout_ms\":20}");

        assertThat(reply)
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.TimedOut\",\"parameters\":{\"name\":\"web\","
                                + "\"reason\":\"it is waiting: waits for db\"}}");
        assertThat(supervisor.replies.take()).isCancelled();
    }

    @Test
    void returnsTimeLimitsOfNamedProcessesThatExist() throws IOException {
        assertThat(client.monitor("TimeLimits", "{\"names\":[\"web\"]}"))
                .isEqualTo(
                        "{\"parameters\":{\"stop_ms\":10000,\"start_ms\":0,"
                                + "\"rolling_ms\":10000}}");
        assertThat(client.monitor("TimeLimits", "{}")).contains("\"rolling_ms\":20000");
        assertThat(client.monitor("TimeLimits", "{\"names\":[\"x\",\"procmon2\",\"?! \"]}"))
                .contains("\"stop_ms\":0,");
    }

    @Test
    void repliesBecomeTheirErrors() throws IOException {
        supervisor.answer(new Reply.Failed("web", "cannot execute 'x'"));
        assertThat(client.monitor("Start", "{\"names\":[\"web\"]}"))
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.Failed\",\"parameters\":{\"name\":\"web\","
                                + "\"reason\":\"cannot execute 'x'\"}}");
        supervisor.answer(new Reply.HasDependents("web", "top depends on it"));
        assertThat(client.monitor("Delete", "{\"names\":[\"web\"]}"))
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.HasDependents\",\"parameters\":"
                                + "{\"name\":\"web\",\"reason\":\"top depends on it\"}}");
        supervisor.answer(new Reply.ShuttingDown(true));
        assertThat(client.monitor("Start", "{\"names\":[\"web\"]}"))
                .contains("Failed")
                .contains("the monitor is being replaced; try again");
        supervisor.answer(new Reply.ShuttingDown());
        assertThat(client.monitor("Start", "{\"names\":[\"web\"]}"))
                .isEqualTo("{\"error\":\"org.procmon.Monitor.ShuttingDown\",\"parameters\":{}}");
        supervisor.behaviour = _ -> CompletableFuture.failedFuture(new ArithmeticException("x"));
        assertThat(client.monitor("Start", "{\"names\":[\"web\"]}")).contains("Monitor.Failed");
    }

    @Test
    void oneWayCallsAreDoneButNotAnsweredAndMoreChangesNothing() throws Exception {
        client.send(
                "{\"method\":\"org.procmon.Monitor.Stop\",\"parameters\":{\"names\":[\"web\"]},"
                        + "\"oneway\":true}|");
        client.send("{\"method\":\"no.such.Method\",\"oneway\":true}|");

        assertThat(
                        client.call(
                                "{\"more\":true,\"method\":\"org.procmon.Monitor.Status\","
                                        + "\"parameters\":{\"name\":\"web\"}}"))
                .startsWith("{\"parameters\":{\"process\":{\"name\":\"web\"")
                .doesNotContain("continues");
        assertThat(supervisor.commands.poll(5, TimeUnit.SECONDS))
                .isEqualTo(new Command.Stop(List.of("web")));
    }

    @Test
    void theBackupCanBeRestartedAndIsListed() throws Exception {
        supervisor.answer(new Reply.Done(List.of()));
        for (String wait : List.of("true", "false")) {
            assertThat(
                            client.monitor(
                                    "Restart", "{\"names\":[\"procmon2\"],\"wait\":" + wait + "}"))
                    .startsWith("{\"parameters\":{\"processes\":[{\"name\":\"procmon2\",")
                    .contains("\"runcount\":2");
            assertThat(supervisor.commands.take())
                    .isEqualTo(new Command.Restart(List.of("procmon2")));
        }
        supervisor.hang();
        assertThat(client.monitor("Restart", "{\"names\":[\"procmon2\",\"job\"],\"timeout_ms\":1}"))
                .contains("TimedOut");
        supervisor.snapshot = new Snapshot(List.of(), List.of(), false);
        assertThat(client.monitor("Restart", "{\"names\":[\"procmon2\"],\"wait\":false}"))
                .contains("NoSuchProcess", "\"name\":\"procmon2\"");
        assertThat(client.monitor("Restart", "{\"names\":[\"procmon2\"],\"timeout_ms\":1}"))
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.TimedOut\",\"parameters\":"
                                + "{\"name\":\"procmon2\",\"reason\":\"the backup is not on standby"
                                + " yet\"}}");
    }

    @Test
    void aRunThatEndedUnseenHasNeitherCodeNorSignal() throws IOException {
        ProcessView job = FakeSupervisor.killed("job", "true");
        RunExit exit = job.process().tally().lastExit().orElseThrow();
        RunExit unseen = new RunExit(exit.run(), new ExitStatus.Unknown(), exit.usage(), exit.at());
        ProcessStatus process =
                new ProcessStatus(
                        job.process().goal(),
                        job.process().state(),
                        new RunCounters(1, 42, Optional.of(unseen), Optional.empty(), 0));
        supervisor.snapshot =
                new Snapshot(
                        List.of(new ProcessView(job.spec(), process, List.of())), List.of(), false);

        assertThat(client.monitor("Status", "{\"name\":\"job\"}"))
                .contains("its exit status is unknown")
                .contains("\"last_exit\":{\"at\":");
    }

    @Test
    void showsLostOutputAndOrphans() throws IOException {
        ProcessView web = FakeSupervisor.running("web", 1, "x");
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                new ProcessView(web.spec(), web.process(), List.of(), true),
                                FakeSupervisor.stopped("other")),
                        List.of(),
                        false);
        output.lose("web", new OutputSource.Loss(5, "cannot write \"web.log\"", true));

        assertThat(client.monitor("Status", "{\"name\":\"web\"}"))
                .endsWith(
                        "\"depends\":[],\"output\":{\"lost_bytes\":5,\"reason\":\"cannot write"
                                + " \\\"web.log\\\"\",\"failing\":true},\"orphan\":true}}}");
        assertThat(client.monitor("Status", "{\"name\":\"other\"}")).endsWith("\"depends\":[]}}}");
    }

    @Test
    void reopensFiles() throws IOException {
        assertThat(client.monitor("Reopen", "{}")).isEqualTo("{\"parameters\":{}}");
        assertThat(output.reopened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"wait\":false}"})
    void anUpgradeIsAnsweredBeforeItBegins(String parameters) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        CompletableFuture<String> begun = new CompletableFuture<>();
        upgrade =
                new Upgrader.Outcome.Ready(
                        () -> begun.complete(heard.orTimeout(20, TimeUnit.SECONDS).join()));

        heard.complete(client.monitor("Upgrade", parameters));

        assertThat(begun.get(20, TimeUnit.SECONDS)).isEqualTo("{\"parameters\":{}}");
    }

    @Test
    void anUpgradeWithoutWaitMayBeRefusedLater() throws IOException {
        assertThat(client.monitor("Upgrade", "{\"wait\":false}")).isEqualTo("{\"parameters\":{}}");
        assertThat(client.monitor("List", "{}")).startsWith("{\"parameters\"");
    }

    @Test
    void halfASurrogatePairDoesNotSpoilAReply() throws IOException {
        assertThat(client.monitor("List", "{\"names\":[\"\\ud800\"]}"))
                .contains("InvalidName", "\uFFFD");
    }

    @Test
    void getInfoDescribesTheService() throws IOException {
        assertThat(client.call("{\"method\":\"org.varlink.service.GetInfo\"}"))
                .isEqualTo(
                        "{\"parameters\":{\"vendor\":\"procmon\",\"product\":\"procmon\","
                                + "\"version\":\"0.1.0\",\"url\":\"\",\"interfaces\":["
                                + "\"org.varlink.service\",\"org.procmon.Monitor\"]}}");
        assertThat(client.call("{\"method\":\"com.example.Other.Fly\"}"))
                .contains("org.varlink.service.InterfaceNotFound", "com.example.Other");
        assertThat(client.call(describe("com.example.Other")))
                .contains("org.varlink.service.InterfaceNotFound");
    }

    @Test
    void servesExactlyTheDescribedMethods() throws IOException {
        for (String name : List.of("org.procmon.Monitor", "org.varlink.service")) {
            String description = client.call(describe(name)).replace("\\n", "\n");
            assertThat(description).contains("interface " + name);
            assertThat(names("method", name, description))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(Method.values())
                                    .map(Method::wireName)
                                    .filter(m -> m.startsWith(name))
                                    .toList());
            assertThat(names("error", name, description))
                    .containsAll(
                            Stream.of(ErrorName.values())
                                    .map(ErrorName::wireName)
                                    .filter(e -> e.startsWith(name))
                                    .toList());
        }
    }

    @Test
    void describedParametersAreTheOnesThatAreTaken() throws IOException {
        String description = client.call(describe("org.procmon.Monitor")).replace("\\n", "\n");
        for (Method method : Method.values()) {
            String simple = method.wireName().substring(method.wireName().lastIndexOf('.') + 1);
            var line = Pattern.compile("\nmethod " + simple + "\\(([^)]*)\\)").matcher(description);
            if (!line.find()) {
                continue;
            }
            for (Method.Parameter parameter : Method.Parameter.values()) {
                assertThat(line.group(1).matches("(?s).*\\b" + parameter.wireName() + ": .*"))
                        .as("%s takes %s", method, parameter)
                        .isEqualTo(method.takes(parameter));
                assertThat(line.group(1).matches("(?s).*\\b" + parameter.wireName() + ": [^?].*"))
                        .as("%s needs %s", method, parameter)
                        .isEqualTo(method.needs(parameter));
            }
        }
    }

    private static String describe(String name) {
        return "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                + "{\"interface\":\""
                + name
                + "\"}}";
    }

    private static List<String> names(String what, String prefix, String description) {
        return Pattern.compile("^" + what + " (\\w+)", Pattern.MULTILINE)
                .matcher(description)
                .results()
                .map(r -> prefix + "." + r.group(1))
                .toList();
    }
}
