package org.procmon.control.server.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakePools;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.protocol.Wait;
import org.procmon.control.server.ControlServer;
import org.procmon.events.EventLog;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;
import org.procmon.supervise.port.UsageSource;

@Timeout(30)
class PoolCallsTest {
    private static final String DATE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeOutput output = new FakeOutput();
    private final FakePools pools = new FakePools();

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @SuppressWarnings("NullAway.Init")
    private RawConnection client;

    @BeforeEach
    void open() throws IOException {
        Path socket = folder.resolve("control.sock");
        PoolView php = FakePools.crowded();
        pools.views = List.of(php, FakePools.asleep("app"));
        List<ProcessView> processes = new ArrayList<>(supervisor.snapshot.processes());
        processes.addAll(FakePools.processes(php));
        supervisor.snapshot = new Snapshot(processes, supervisor.snapshot.monitors(), false);
        server =
                ControlServer.open(
                        socket,
                        ControlSpec.DEFAULT,
                        new MonitorPorts(
                                supervisor,
                                output,
                                Upgrader.NONE,
                                Reloader.NONE,
                                new EventLog(supervisor::now, InstantSource.system()),
                                HookSource.NONE,
                                UsageSource.NONE,
                                pools),
                        GroupMembership.NONE);
        client = new RawConnection(socket);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void poolsAreSentWithTheirQueueAndWhatTheirWorkersDo() throws IOException {
        assertThat(client.monitor("Pools", "{\"names\":[\"php\"]}").replaceAll(DATE, "DATE"))
                .isEqualTo(
                        "{\"parameters\":{\"pools\":[{\"kind\":\"pool\",\"name\":\"php\","
                                + "\"state\":\"serving\",\"cause\":\"2 of 3 workers are busy\","
                                + "\"since\":\"DATE\",\"age_ms\":65000,\"mode\":\"dynamic\","
                                + "\"min_workers\":1,\"max_workers\":3,\"exec\":\"php-cgi\","
                                + "\"listen\":[\"/run/php.sock\"],\"queue\":{\"waiting\":4,"
                                + "\"oldest_ms\":1250,\"limit\":511},\"busy\":2,\"idle\":1,"
                                + "\"total\":3,\"counters\":{\"started\":5,\"idle_stopped\":1,"
                                + "\"recycled\":1,\"max_reached\":2,\"overflows\":0,\"refused\":0,"
                                + "\"most_busy\":3,\"longest_queue\":6},\"workers\":["
                                + "{\"name\":\"php.1\",\"state\":\"running\",\"pid\":4001,"
                                + "\"started\":\"DATE\",\"uptime_ms\":13000,"
                                + "\"socket\":\"/run/php.sock\",\"work\":\"busy\","
                                + "\"connections\":1,\"busy_ms\":3200,\"system_call\":\"read\","
                                + "\"wait_channel\":\"unix_stream_read_generic\",\"cpu_ms\":410,"
                                + "\"rss\":24117248},"
                                + "{\"name\":\"php.2\",\"state\":\"running\",\"pid\":4002,"
                                + "\"started\":\"DATE\",\"uptime_ms\":13000,"
                                + "\"socket\":\"/run/php.sock\",\"work\":\"kept\","
                                + "\"connections\":1,\"system_call\":\"read\",\"rss\":22020096},"
                                + "{\"name\":\"php.3\",\"state\":\"running\",\"pid\":4003,"
                                + "\"started\":\"DATE\",\"uptime_ms\":13000,"
                                + "\"socket\":\"/run/php.sock\",\"work\":\"busy\","
                                + "\"connections\":1,\"rss\":23068672}]}]}}");
    }

    @Test
    void poolsAreSelectedByNamesAndGlobsAndOtherNamesAddNothing() throws IOException {
        assertThat(names("{}")).containsExactly("php", "app");
        assertThat(names("{\"names\":[\"a*\",\"web\"]}")).containsExactly("app");
        assertThat(names("{\"names\":[\"all\"]}")).containsExactly("php", "app");
        assertThat(names("{\"names\":[\"php.1\",\"nothing\"]}")).isEmpty();
        assertThat(client.monitor("Pools", "{\"names\":[\"a/b\"]}")).contains("InvalidName");
    }

    private List<String> names(String parameters) throws IOException {
        String reply = client.monitor("Pools", parameters);
        assertThat(reply).startsWith("{\"parameters\":{\"pools\":[");
        List<String> names = new ArrayList<>();
        for (String part : reply.split("\"kind\":\"pool\",\"name\":\"", -1)) {
            names.add(part.substring(0, Math.max(0, part.indexOf('"'))));
        }
        return names.subList(1, names.size());
    }

    @Test
    void statusAndExplainOfAPoolsNameAnswerWithThePool() throws IOException {
        assertThat(client.monitor("Status", "{\"name\":\"app\"}"))
                .startsWith(
                        "{\"parameters\":{\"pool\":{\"kind\":\"pool\",\"name\":\"app\","
                                + "\"state\":\"serving\"");
        assertThat(client.monitor("Status", "{\"name\":\"php.1\"}"))
                .startsWith("{\"parameters\":{\"process\":{\"name\":\"php.1\"");
        assertThat(client.monitor("Explain", "{\"name\":\"php\"}"))
                .startsWith("{\"parameters\":{\"pool\":{\"pool\":{\"kind\":\"pool\"")
                .endsWith(
                        "\"reasons\":[\"all 3 workers run, as many as 'workers' allows\",\"clients"
                                + " had to wait 2 times since all workers were busy\"],"
                                + "\"last_words\":[],\"outlook\":\"the client that has waited"
                                + " longest gets the first worker that is done; workers that are"
                                + " not needed for 20.0 s are stopped\"}}}");
        assertThat(client.monitor("Explain", "{\"name\":\"lost\"}")).contains("NoSuchProcess");
        assertThat(client.monitor("Status", "{\"name\":\"all\"}")).contains("NoSuchProcess");
    }

    @Test
    void anExplanationQuotesAWorkerThatDoesNotStart() throws IOException {
        pools.views = List.of(FakePools.broken("app"));
        output.write("app.1", StandardStream.STDERR, "no module\n".getBytes(UTF_8));
        assertThat(client.monitor("Explain", "{\"name\":\"app\"}"))
                .contains("\"last_words\":[\"no module\"]", "app.1: nothing by itself");
    }

    @Test
    void aListOfAPoolWithoutWorkersIsEmptyAndNoError() throws IOException {
        assertThat(client.monitor("List", "{\"names\":[\"app\"]}"))
                .isEqualTo("{\"parameters\":{\"processes\":[]}}");
        assertThat(client.monitor("List", "{\"names\":[\"php\"]}"))
                .contains("php.1", "php.2", "php.3");
        assertThat(client.monitor("List", "{\"names\":[\"app\",\"nothing\"]}"))
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.NoSuchProcess\",\"parameters\":"
                                + "{\"name\":\"nothing\"}}");
    }

    @Test
    void aCallCountsForTheWorkersThatItsReplyDescribes() {
        try (ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1)) {
            Service service =
                    new Service(
                            MonitorPorts.of(supervisor),
                            InstantSource.system(),
                            ClientLimits.DEFAULT,
                            new ClientLog(timers),
                            (_, _) -> {});
            List<String> php = List.of("php");
            long plain = service.weight(Call.of(Method.LIST, php, Wait.UNTIL_DONE));
            for (Method method : List.of(Method.POOLS, Method.STATUS, Method.EXPLAIN)) {
                assertThat(service.weight(Call.of(method, php, Wait.UNTIL_DONE)))
                        .isEqualTo(plain + 3 * ClientLimits.WORKER_BYTES);
            }
        }
    }

    @Test
    void aStalledThreadOfThePoolsHoldsNoClientAndIsAskedOnce() throws IOException {
        pools.hangs = true;
        assertThat(client.monitor("Pools", "{}"))
                .contains("TimedOut", "the part of the monitor that runs pools does not answer");
        for (int i = 0; i < 20; i++) {
            assertThat(client.monitor("Pools", "{}")).contains("TimedOut");
            assertThat(client.monitor("Status", "{\"name\":\"app\"}")).contains("TimedOut");
        }
        assertThat(pools.asked).hasValue(1);
        assertThat(client.monitor("List", "{}")).contains("\"name\":\"php.1\"");
    }
}
