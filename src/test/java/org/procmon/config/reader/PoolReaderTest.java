package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Checks;
import org.procmon.config.Dependency;
import org.procmon.config.DurationText;
import org.procmon.config.InputSpec;
import org.procmon.config.Instance;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.SpecResult;
import org.procmon.config.StopPlan;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RecyclePolicy;
import org.procmon.config.pool.RequestLimits;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.SocketSharing;
import org.procmon.config.pool.WhenStopped;
import org.procmon.config.pool.WorkerCounts;
import org.procmon.config.pool.WorkerShare;

/** Valid pools; the wrong ones are files beside their problems. */
class PoolReaderTest {
    private static final Path FOLDER = Path.of("/etc/procmon");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/bin", "TZ", "UTC", "LANG", "C", "TOKEN", "x");

    /** php-cgi would end after 500 requests. */
    private static final Map<String, String> UNLIMITED = Map.of("PHP_FCGI_MAX_REQUESTS", "0");

    private static Map<String, String> env(String keys) {
        Map<String, String> env = new HashMap<>(pool(keys).template().env());
        env.keySet().removeAll(UNLIMITED.keySet());
        return env;
    }

    @Test
    void phpIsNotLimitedUnlessItIsAskedFor() {
        assertThat(pool("").template().env()).isEqualTo(UNLIMITED);
        assertThat(pool(",\"env\":{\"PHP_FCGI_MAX_REQUESTS\":500}").template().env())
                .containsEntry("PHP_FCGI_MAX_REQUESTS", "500");
        MonitorSpec other =
                read("{\"pools\":[{\"id\":\"o\",\"exec\":\"other\",\"listen\":\"/run/o.sock\"}]}");
        assertThat(other.pools().getFirst().template().env()).isEmpty();
    }

    @Test
    void aPoolWithNothingButItsProgramAndAddressHasTheDefaults() {
        PoolSpec pool = pool("");
        assertThat(pool.id()).isEqualTo("php");
        assertThat(pool.listen())
                .isEqualTo(
                        new ListenSpec(
                                new PoolAddress.UnixPath(Path.of("/run/php.sock"), 0660),
                                Optional.empty(),
                                Optional.empty(),
                                511));
        assertThat(pool.mode()).isEqualTo(PoolMode.DYNAMIC);
        assertThat(pool.workers()).isEqualTo(new WorkerCounts(1, 8, 1, 8));
        assertThat(pool.idleTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(pool.sharing()).isEqualTo(SocketSharing.SHARED);
        assertThat(pool.queue()).isEqualTo(QueueLimits.DEFAULT);
        assertThat(pool.request()).isEqualTo(RequestLimits.DEFAULT);
        assertThat(pool.recycle()).isEqualTo(RecyclePolicy.DEFAULT);
        assertThat(pool.retire()).isEqualTo(RetirePolicy.DEFAULT);
        assertThat(pool.whenStopped()).isEqualTo(WhenStopped.REFUSE);
        ProcessSpec worker = pool.template();
        assertThat(worker.exec().argv()).containsExactly("php-cgi");
        assertThat(worker.restart()).isEqualTo(RestartPolicy.ON_FAILURE);
        assertThat(worker.stdin()).isEqualTo(new InputSpec.Listener("php", ListenerPass.FD0));
        assertThat(worker.stdout()).isEqualTo(OutputSpec.DEFAULT);
        assertThat(worker.env()).isEqualTo(UNLIMITED);
        assertThat(worker.identity().clearEnv()).isFalse();
        assertThat(worker.stop()).isEqualTo(stop(Duration.ofSeconds(30)));
        assertThat(worker.checks())
                .isEqualTo(
                        new Checks(
                                Optional.of(
                                        new Readiness(
                                                new ReadySignal.Accepts(),
                                                Duration.ofSeconds(30),
                                                Duration.ofMillis(250))),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void everyKeyOfAPoolArrivesInTheSpecification() {
        PoolSpec pool =
                pool(
                        ",\"listen\":\"unix://0640@php.sock\",\"listen_owner\":33,"
                                + "\"listen_group\":\"auto\",\"backlog\":128,\"mode\":\"dynamic\","
                                + "\"workers\":{\"min\":2,\"max\":9,\"spare_min\":3,\"spare_max\":4},"
                                + "\"idle_timeout\":\"1m\",\"socket\":\"shared\",\"pass\":\"fd0\","
                                + "\"queue\":{\"max\":100,\"timeout\":\"5s\",\"retry_after\":2},"
                                + "\"request\":{\"slow\":\"2s\",\"timeout\":\"1m\"},"
                                + "\"recycle\":{\"age\":\"1h\",\"memory\":\"64MiB\",\"jitter\":0.5},"
                                + "\"retire\":\"freeze\",\"patience\":\"5s\","
                                + "\"when_stopped\":\"wait\"");
        assertThat(pool.listen())
                .isEqualTo(
                        new ListenSpec(
                                new PoolAddress.UnixPath(FOLDER.resolve("php.sock"), 0640),
                                Optional.of("33"),
                                Optional.of(ListenSpec.AUTO),
                                128));
        assertThat(pool.workers()).isEqualTo(new WorkerCounts(2, 9, 3, 4));
        assertThat(pool.idleTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(pool.queue())
                .isEqualTo(
                        new QueueLimits(
                                OptionalInt.of(100),
                                Optional.of(Duration.ofSeconds(5)),
                                Duration.ofSeconds(2)));
        assertThat(pool.request())
                .isEqualTo(
                        new RequestLimits(
                                Optional.of(Duration.ofSeconds(2)),
                                Optional.of(Duration.ofMinutes(1))));
        assertThat(pool.recycle())
                .isEqualTo(
                        new RecyclePolicy(
                                Optional.of(Duration.ofHours(1)), OptionalLong.of(64 << 20), 0.5));
        assertThat(pool.retire())
                .isEqualTo(new RetirePolicy(RetirePolicy.Method.FREEZE, Duration.ofSeconds(5)));
        assertThat(pool.whenStopped()).isEqualTo(WhenStopped.WAIT);
        assertThat(pool.template().stop()).isEqualTo(stop(Duration.ofSeconds(5)));
    }

    @Test
    void theExamplesOfThePageAreValid() throws IOException {
        List<String> examples =
                Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("docs/reference/pools.md")))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        assertThat(examples).hasSizeGreaterThan(2);
        for (String example : examples) {
            boolean isPool = example.startsWith("{\"id\"");
            assertThat(read(isPool ? "{\"pools\": [" + example + "]}" : example).pools())
                    .hasSize(example.contains("shares") ? 2 : 1);
        }
    }

    @Test
    void aPoolInAShareHasItsSize() throws IOException {
        List<PoolSpec> pools =
                read("""
                {"shares": {"s": 9}, "pools": [
                 {"id": "a", "exec": "a", "listen": "@a", "workers": {"share": "s"}},
                 {"id": "b", "exec": "b", "listen": "@b"}]}
                """)
                        .pools();
        WorkerShare share = new WorkerShare("s", 9);
        assertThat(pools.getFirst().workers().share()).contains(share);
        assertThat(pools.getFirst().scaled(3).workers().share()).contains(share);
        assertThat(pools.getLast().workers().share()).isEmpty();
    }

    @Test
    void anAddressHasManyForms() {
        assertPath("/run/a.sock", "/run/a.sock", 0660);
        assertPath("./a.sock", "/etc/procmon/a.sock", 0660);
        assertPath("../a.sock", "/etc/procmon/../a.sock", 0660);
        assertPath("unix:/run/a.sock", "/run/a.sock", 0660);
        assertPath("unix:a.sock", "/etc/procmon/a.sock", 0660);
        assertPath("unix:///run/a.sock", "/run/a.sock", 0660);
        assertPath("unix://640@/run/a.sock", "/run/a.sock", 0640);
        assertPath("unix://0666@/run/a@b.sock", "/run/a@b.sock", 0666);
        assertPath("unix://600@a.sock", "/etc/procmon/a.sock", 0600);
        assertAddress("@php", new PoolAddress.AbstractName("php"));
        assertAddress(":9000", new PoolAddress.TcpPort("", 9000));
        assertAddress("127.0.0.1:1", new PoolAddress.TcpPort("127.0.0.1", 1));
        assertAddress("[::1]:65535", new PoolAddress.TcpPort("::1", 65535));
        assertAddress("php.example.org:80", new PoolAddress.TcpPort("php.example.org", 80));
        assertAddress("systemd:php.socket", new PoolAddress.FromSystemd("php.socket"));
    }

    private static void assertPath(String listen, String path, int mode) {
        assertAddress(listen, new PoolAddress.UnixPath(Path.of(path), mode));
    }

    private static void assertAddress(String listen, PoolAddress address) {
        assertThat(pool(",\"listen\":\"" + listen + "\"").listen().address()).isEqualTo(address);
    }

    @Test
    void anAddressOfAWorkerHasItsNumber() {
        assertThat(workers("/run/php-$(worker).sock", 3))
                .containsExactly(
                        new PoolAddress.UnixPath(Path.of("/run/php-1.sock"), 0660),
                        new PoolAddress.UnixPath(Path.of("/run/php-2.sock"), 0660),
                        new PoolAddress.UnixPath(Path.of("/run/php-3.sock"), 0660));
        assertThat(workers("unix://600@php.sock-$(worker0)", 1))
                .containsExactly(new PoolAddress.UnixPath(FOLDER.resolve("php.sock-0"), 0600));
        assertThat(workers("@php$(worker)", 1))
                .containsExactly(new PoolAddress.AbstractName("php1"));
        assertThat(workers("systemd:php$(worker0)", 1))
                .containsExactly(new PoolAddress.FromSystemd("php0"));
        assertThat(workers("localhost:$(9000+worker0)", 2))
                .containsExactly(
                        new PoolAddress.TcpPort("localhost", 9000),
                        new PoolAddress.TcpPort("localhost", 9001));
        assertThat(workers(":$(65534+worker)", 1))
                .containsExactly(new PoolAddress.TcpPort("", 65535));
    }

    private static List<PoolAddress> workers(String listen, int count) {
        PoolSpec pool =
                pool(
                        ",\"socket\":\"per-worker\",\"workers\":"
                                + count
                                + ",\"listen\":\""
                                + listen
                                + "\"");
        assertThat(pool.sharing()).isEqualTo(SocketSharing.PER_WORKER);
        return IntStream.rangeClosed(1, count).mapToObj(pool::address).toList();
    }

    @Test
    void workersThatShareASocketHaveOneAddress() {
        PoolSpec pool = pool(",\"listen\":\":9000\"");
        assertThat(pool.address(1)).isEqualTo(new PoolAddress.TcpPort("", 9000));
        assertThat(pool.address(7)).isEqualTo(pool.address(1));
    }

    @Test
    void aWorkerThatOpensTheOnlySocketItselfIsAlone() {
        String own = ",\"pass\":\"argument\",\"listen\":\"/run/a\"";
        assertThat(pool(own).mode()).isEqualTo(PoolMode.ON_DEMAND);
        assertThat(pool(own).workers().max()).isEqualTo(1);
        assertThat(pool(own + ",\"mode\":\"static\"").workers().max()).isEqualTo(1);
    }

    /** Mode, what 'workers' is, and min, max, spare_min and spare_max. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "static   |                                   | 4 4 0 4",
                "static   | 6                                 | 6 6 0 6",
                "static   | {'max': 6, 'min': 6}              | 6 6 0 6",
                "dynamic  |                                   | 1 8 1 8",
                "dynamic  | 1                                 | 1 1 1 1",
                "dynamic  | '20'                              | 1 20 1 20",
                "dynamic  | {'min': 0}                        | 0 8 1 8",
                "dynamic  | {'max': 5, 'spare_max': 2}        | 1 5 1 2",
                "dynamic  | {'spare_min': 0, 'spare_max': 1}  | 1 8 0 1",
                "ondemand |                                   | 0 8 0 8",
                "ondemand | 1000                              | 0 1000 0 1000",
                "ondemand | {'min': 0, 'max': 2}              | 0 2 0 2"
            },
            quoteCharacter = '`')
    void whatIsNotSaidOfWorkersFollowsFromTheMode(
            String mode, @Nullable String workers, String counts) {
        String key = workers == null ? "" : ",\"workers\":" + workers.replace('\'', '"');
        WorkerCounts read = pool(",\"mode\":\"" + mode + "\"" + key).workers();
        assertThat(read.min() + " " + read.max() + " " + read.spareMin() + " " + read.spareMax())
                .isEqualTo(counts);
    }

    @Test
    void aNumberThatAnOperatorSetCutsTheOthers() {
        WorkerCounts counts = new WorkerCounts(3, 8, 2, 6);
        assertThat(counts.scaled(2, false)).isEqualTo(new WorkerCounts(2, 2, 2, 2));
        assertThat(counts.scaled(20, false)).isEqualTo(new WorkerCounts(3, 20, 2, 6));
        assertThat(new WorkerCounts(1, 8, 1, 8).scaled(20, false))
                .isEqualTo(new WorkerCounts(1, 20, 1, 20));
        assertThat(new WorkerCounts(4, 4, 0, 4).scaled(6, true))
                .isEqualTo(new WorkerCounts(6, 6, 0, 6));
    }

    @Test
    void keepsOnlyTheNamedVariablesOfTheMonitor() {
        ProcessSpec worker =
                pool(",\"env_keep\":[\"TZ\",\"LANG\",\"GONE\"],"
                                + "\"env\":{\"LANG\":\"de\",\"MODE\":\"prod\"},"
                                + "\"user\":\"www-data\"")
                        .template();
        assertThat(worker.env())
                .containsAllEntriesOf(Map.of("TZ", "UTC", "LANG", "de", "MODE", "prod"))
                .hasSize(3 + UNLIMITED.size());
        assertThat(worker.identity().clearEnv()).isTrue();
        assertThat(worker.identity().user()).contains("www-data");
        assertThat(pool(",\"env_keep\":[]").template().identity().clearEnv()).isTrue();
    }

    @Test
    void theClientsOfAPortAreAVariableOfItsWorkers() {
        String port = ",\"listen\":\":9000\",\"allowed_clients\":";
        assertThat(env(port + "[\"127.0.0.1\",\"::1\"]"))
                .isEqualTo(Map.of("FCGI_WEB_SERVER_ADDRS", "127.0.0.1,::1"));
        assertThat(env(port + "\"10.0.0.1\""))
                .isEqualTo(Map.of("FCGI_WEB_SERVER_ADDRS", "10.0.0.1"));
    }

    @Test
    void aConfiguredStopPlanIsTakenInsteadOfPatience() {
        String stop = "\"stop\":{\"signal\":\"INT\",\"timeout\":\"3s\"}";
        StopPlan plan = new StopPlan(List.of(new StopPlan.Step(Signal.INT, Duration.ofSeconds(3))));
        assertThat(pool(",\"patience\":\"1h\"," + stop).template().stop()).isEqualTo(plan);
        assertThat(
                        read("{\"defaults\":{"
                                        + stop
                                        + "},\"pools\":[{\"id\":\"a\",\"exec\":\"a\","
                                        + "\"listen\":\"@a\"}]}")
                                .pools()
                                .getFirst()
                                .template()
                                .stop())
                .isEqualTo(plan);
    }

    @Test
    void whatMayTakeForEverHasNoLimit() {
        PoolSpec pool =
                pool(
                        ",\"queue\":{\"timeout\":\"infinity\"},\"request\":{\"slow\":\"1s\","
                                + "\"timeout\":\"infinity\"},\"recycle\":{\"age\":\"infinity\"},"
                                + "\"patience\":\"infinity\",\"idle_timeout\":\"infinity\"");
        assertThat(pool.queue()).isEqualTo(QueueLimits.DEFAULT);
        assertThat(pool.request().timeout()).isEmpty();
        assertThat(pool.recycle()).isEqualTo(RecyclePolicy.DEFAULT);
        assertThat(pool.retire().patience()).isEqualTo(DurationText.FOREVER);
        assertThat(pool.idleTimeout()).isEqualTo(DurationText.FOREVER);
    }

    @Test
    void defaultsThatAPoolCannotHaveDoNotApplyToIt() {
        MonitorSpec spec =
                read(
                        "{\"defaults\":{\"exec\":\"run\",\"restart\":\"always\",\"skip\":true,"
                                + "\"instances\":2,\"stdin\":\"open\",\"wait\":1,"
                                + "\"verbose\":true,\"env\":{\"A\":\"1\",\"B\":\"1\"}},"
                                + "\"processes\":[],\"pools\":[{\"id\":\"a\",\"listen\":\"@a\","
                                + "\"env\":{\"B\":\"2\"}}]}");
        ProcessSpec worker = spec.pools().getFirst().template();
        assertThat(spec.processes()).isEmpty();
        assertThat(worker.exec().argv()).containsExactly("run");
        assertThat(worker.verbose()).isTrue();
        assertThat(worker.env()).isEqualTo(Map.of("A", "1", "B", "2"));
        assertThat(worker.restart()).isEqualTo(RestartPolicy.ON_FAILURE);
        assertThat(worker.skip()).isFalse();
        assertThat(worker.settle()).isZero();
        assertThat(worker.stdin()).isEqualTo(new InputSpec.Listener("a", ListenerPass.FD0));
    }

    @Test
    void aWorkerDependsOnAllInstancesOfAProcess() {
        MonitorSpec spec =
                read(
                        "{\"processes\":[{\"id\":\"db\",\"exec\":\"db\",\"instances\":2}],"
                                + "\"pools\":[{\"id\":\"a\",\"exec\":\"a\",\"listen\":\"@a\","
                                + "\"depends\":\"db\"}]}");
        ProcessSpec worker = spec.pools().getFirst().worker(3);
        assertThat(worker.id()).isEqualTo("a.3");
        assertThat(worker.depends()).extracting(Dependency::on).containsExactly("db.1", "db.2");
        assertThat(worker.instance()).contains(new Instance("a", 3));
        assertThat(worker.env()).isEqualTo(Map.of("PROCMON_INSTANCE", "3"));
        assertThat(worker.stdin()).isEqualTo(new InputSpec.Listener("a", ListenerPass.FD0));
        assertThat(spec.scalable()).isEqualTo(Set.of("db", "a"));
    }

    private static StopPlan stop(Duration patience) {
        return new StopPlan(List.of(new StopPlan.Step(Signal.TERM, patience)));
    }

    private static PoolSpec pool(String keys) {
        return pools(keys).getFirst();
    }

    private static List<PoolSpec> pools(String keys) {
        String listen = keys.contains("\"listen\"") ? "" : ",\"listen\":\"/run/php.sock\"";
        return read("{\"pools\":[{\"id\":\"php\",\"exec\":\"php-cgi\"" + listen + keys + "}]}")
                .pools();
    }

    private static MonitorSpec read(String text) {
        SpecResult result =
                SpecReader.read("f", text.getBytes(StandardCharsets.UTF_8), FOLDER, ENVIRONMENT);
        assertThat(result).as(text).isInstanceOf(SpecResult.Valid.class);
        return ((SpecResult.Valid) result).spec();
    }
}
