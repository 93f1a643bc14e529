package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Backoff;
import org.procmon.config.Capability;
import org.procmon.config.ControlSpec;
import org.procmon.config.CpuSet;
import org.procmon.config.Dependency;
import org.procmon.config.DurationText;
import org.procmon.config.EnvFile;
import org.procmon.config.Exec;
import org.procmon.config.FileAccess;
import org.procmon.config.GiveUp;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.Limit;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.OutputSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.SpecResult;
import org.procmon.config.StopPlan;
import org.procmon.config.SuccessExit;

class SpecReaderTest {
    private static final Path FOLDER = Path.of("/srv/shop");

    @TempDir Path folder = Path.of("");

    private static SpecResult read(String text) {
        return SpecReader.read(
                "f", text.getBytes(StandardCharsets.UTF_8), FOLDER, Fixtures.ENVIRONMENT);
    }

    private static MonitorSpec good(SpecResult result) {
        return ((SpecResult.Valid) result).spec();
    }

    private static ProcessSpec process(String keys) {
        return good(read("{\"processes\":[{\"id\":\"a\",\"exec\":\"b\"," + keys + "}]}"))
                .processes()
                .getFirst();
    }

    private static List<String> problems(SpecResult result) {
        return ((SpecResult.Invalid) result).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void aProcessWithNothingButItsNameAndProgramHasTheDefaults() {
        MonitorSpec spec = good(read("{\"processes\":[{\"id\":\"a\",\"exec\":\"sleep 5\"}]}"));
        assertThat(spec.control()).isEqualTo(ControlSpec.DEFAULT);
        assertThat(spec.outputFolder()).isEmpty();
        assertThat(spec.orphans()).isEqualTo(OrphanPolicy.STOP);
        assertThat(spec.processes())
                .containsExactly(ProcessSpec.of("a", new Exec("sleep 5", List.of("sleep", "5"))));
    }

    @Test
    void theChainReadsAsItsUsersExpect() throws IOException {
        List<ProcessSpec> processes =
                good(Fixtures.read(Fixtures.GOOD.resolve("chain-with-skip.json"))).processes();
        assertThat(processes)
                .extracting(ProcessSpec::id)
                .containsExactly("store", "seed", "files", "commands");
        assertThat(processes).extracting(ProcessSpec::settle).containsOnly(Duration.ofSeconds(1));
        assertThat(processes)
                .extracting(ProcessSpec::restart)
                .containsExactly(
                        RestartPolicy.ALWAYS,
                        RestartPolicy.NEVER,
                        RestartPolicy.ALWAYS,
                        RestartPolicy.ALWAYS);
        assertThat(processes)
                .extracting(ProcessSpec::skip)
                .containsExactly(false, false, true, false);
        assertThat(processes.get(1).restartDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(processes.get(3).depends())
                .containsExactly(new Dependency("seed", Dependency.Condition.STARTED));
        assertThat(processes.get(3).restartOnParentDeath()).isTrue();
    }

    @Test
    void everyKeyArrivesInTheSpecification() throws IOException {
        MonitorSpec spec = good(Fixtures.read(Fixtures.GOOD.resolve("everything.json")));
        assertThat(spec.control().operators()).containsExactly("deploy", "1000", "@wheel");
        assertThat(spec.control().viewers()).containsExactly("@users");
        assertThat(spec.control().socketGroup()).contains("adm");
        assertThat(spec.control().socketMode()).isEqualTo(0640);

        ProcessSpec db = spec.processes().getFirst();
        assertThat(db.exec().argv())
                .containsExactly(
                        "sh", "-c", "echo \"it's $HOME\" && exec sleep 1000", "a \"b\" $c", "d e");
        assertThat(db.restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(db.settle()).isEqualTo(Duration.ofMinutes(90));
        assertThat(db.restartDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(db.successExit())
                .isEqualTo(
                        new SuccessExit(Set.of(0, 3), Set.of(Signal.TERM, Signal.INT, Signal.HUP)));
        assertThat(db.backoff())
                .isEqualTo(
                        new Backoff(
                                Duration.ofMillis(200),
                                1.5,
                                Duration.ofMinutes(1),
                                0,
                                Duration.ofSeconds(5)));
        assertThat(db.giveUp())
                .contains(
                        new GiveUp(5, Duration.ofMinutes(1), Optional.of(Duration.ofMinutes(10))));
        assertThat(db.stop().steps())
                .containsExactly(
                        new StopPlan.Step(Signal.TERM, Duration.ofSeconds(10)),
                        new StopPlan.Step(Signal.RTMIN_3, Duration.ofSeconds(5)),
                        new StopPlan.Step(Signal.RTMAX_3, Duration.ofMillis(500)),
                        new StopPlan.Step(Signal.QUIT, DurationText.FOREVER),
                        new StopPlan.Step(Signal.KILL, Duration.ofSeconds(10)));
        assertThat(db.stop().to()).isEqualTo(StopPlan.Target.MAIN);
        assertThat(db.stdin()).isEqualTo(new InputSpec.Open());
        assertThat(db.cwd()).contains(Fixtures.GOOD.toAbsolutePath().resolve("data"));
        assertThat(db.env())
                .isEqualTo(
                        Map.of(
                                "PATH", "/opt/bin:/bin",
                                "PRICE", "5$ or $5",
                                "COUNT", "3",
                                "RATIO", "0.50",
                                "DEBUG", "true",
                                "EMPTY", ""));
        assertThat(db.verbose()).isTrue();
        assertThat(spec.outputFolder()).contains(Fixtures.GOOD.toAbsolutePath().resolve("logs"));
        assertThat(spec.orphans()).isEqualTo(OrphanPolicy.KEEP);
        Path out = Fixtures.GOOD.toAbsolutePath().resolve("out/db.txt");
        assertThat(db.stdout())
                .isEqualTo(new OutputSpec.Captured(Optional.of(out), 1_572_864, 0, true));
        assertThat(db.stderr()).isEqualTo(new OutputSpec.WithStdout());

        ProcessSpec migrate = spec.processes().get(1);
        assertThat(migrate.exec().argv()).containsExactly("printf", "%s\n", "a b", "", "ü");
        assertThat(migrate.exec().text()).isEqualTo("printf '%s\n' 'a b' '' ü");
        assertThat(migrate.cwd()).contains(Path.of("/srv"));
        assertThat(migrate.stdout()).isEqualTo(new OutputSpec.Inherited());
        assertThat(migrate.stderr()).isEqualTo(new OutputSpec.Discarded());
        assertThat(migrate.stdin())
                .isEqualTo(
                        new InputSpec.File(Fixtures.GOOD.toAbsolutePath().resolve("data/input")));
        assertThat(migrate.stop().steps())
                .containsExactly(new StopPlan.Step(Signal.INT, DurationText.FOREVER));
        assertThat(migrate.stop().to()).isEqualTo(StopPlan.Target.GROUP);
        ProcessSpec web = spec.processes().get(2);
        assertThat(web.stdin()).isSameAs(InputSpec.DEFAULT);
        assertThat(web.stdout()).isEqualTo(new OutputSpec.Captured(Optional.empty(), 0, 12, false));
        Path err = Path.of("/var/log/web.err");
        assertThat(web.stderr())
                .isEqualTo(
                        new OutputSpec.Captured(
                                Optional.of(err),
                                64_000,
                                5,
                                false,
                                new FileAccess(
                                        OptionalInt.of(0644),
                                        Optional.of("www-data"),
                                        Optional.of("4"))));
        assertThat(web.depends())
                .containsExactly(
                        new Dependency(db.id(), Dependency.Condition.STARTED),
                        new Dependency("migrate", Dependency.Condition.COMPLETED),
                        new Dependency("cache", Dependency.Condition.STARTED));
        assertThat(web.backoff().initial()).isZero();
        assertThat(web.stop().steps())
                .containsExactly(new StopPlan.Step(Signal.INT, Duration.ofSeconds(10)));
        assertThat(web.stop().leavesSurvivors()).isTrue();
        assertThat(db.stop().leavesSurvivors()).isFalse();
    }

    @Test
    void everyKeyOfAnIdentityArrives() throws IOException {
        MonitorSpec spec = good(Fixtures.read(Fixtures.GOOD.resolve("everything.json")));
        Path here = Fixtures.GOOD.toAbsolutePath();
        ProcessSpec mail = spec.processes().get(5);

        assertThat(mail.identity())
                .isEqualTo(
                        new Identity(
                                Optional.of("www-data"),
                                Optional.of("8"),
                                Optional.of(List.of("adm", "4", "5")),
                                OptionalInt.of(027),
                                Optional.of(here.resolve("jail")),
                                OptionalInt.of(-5),
                                CpuSet.parse("0,2-3"),
                                true,
                                Optional.of(
                                        List.of(
                                                Capability.NET_BIND_SERVICE,
                                                Capability.CHOWN,
                                                Capability.KILL)),
                                List.of(
                                        limit(Limit.Resource.CPU, Limit.UNLIMITED, Limit.UNLIMITED),
                                        limit(Limit.Resource.STACK, 8 << 20, Limit.UNLIMITED),
                                        limit(
                                                Limit.Resource.CORE,
                                                Limit.UNLIMITED,
                                                Limit.UNLIMITED),
                                        limit(Limit.Resource.NPROC, 100, 100),
                                        limit(Limit.Resource.NOFILE, 1024, 4096),
                                        limit(Limit.Resource.AS, 1_500_000_000, 1_500_000_000)),
                                List.of(
                                        new EnvFile(here.resolve("secrets/mail.env"), false),
                                        new EnvFile(Path.of("/etc/default/mail"), true),
                                        new EnvFile(here.resolve("mail.env"), true, true),
                                        new EnvFile(
                                                Path.of("/etc/mail.d/*.env"),
                                                false,
                                                false,
                                                true,
                                                true),
                                        new EnvFile(here.resolve("plain"), false)),
                                true));
        assertThat(mail.cwd()).as("a folder in the new root").contains(Path.of("/var/mail"));
        Identity plain = spec.processes().get(6).identity();
        assertThat(plain.user()).contains("65534");
        assertThat(plain.group()).contains("mail");
        assertThat(plain.groups()).contains(List.of());
        assertThat(plain.capabilities()).contains(List.of());
        assertThat(plain.nice()).hasValue(5);
        assertThat(plain.cpus()).contains(new CpuSet("1"));
        assertThat(plain.envFiles()).containsExactly(new EnvFile(here.resolve("plain.env"), true));
    }

    @Test
    void whatMayTakeForEverHasNoLimit() throws IOException {
        MonitorSpec spec = good(Fixtures.read(Fixtures.GOOD.resolve("everything.json")));
        ProcessSpec blog = named(spec, "blog");
        ProcessSpec shop = named(spec, "shop");

        assertThat(blog.lifetime().maxRuntime()).isEmpty();
        assertThat(blog.checks().watchdog()).isEmpty();
        assertThat(blog.hooks().beforeStart().orElseThrow().timeout())
                .isEqualTo(DurationText.FOREVER);
        assertThat(shop.checks().ready().orElseThrow().timeout()).isEqualTo(DurationText.FOREVER);
    }

    @Test
    void theMonitorsOwnStreamsHaveNamesThatAreNoLogFiles() throws IOException {
        MonitorSpec spec = good(Fixtures.read(Fixtures.GOOD.resolve("everything.json")));
        assertThat(named(spec, "blog").stderr())
                .isEqualTo(new OutputSpec.Inherited(OptionalInt.of(1)));
        assertThat(process("\"stdout\":{\"file\":\"/dev/stdout\"}").stdout())
                .isEqualTo(new OutputSpec.Inherited());
        assertThat(process("\"stdout\":{\"file\":\"/dev/fd/2\"}").stdout())
                .isEqualTo(new OutputSpec.Inherited(OptionalInt.of(2)));
        assertThat(process("\"stderr\":{\"file\":\"/dev/stderr\"}").stderr())
                .isEqualTo(new OutputSpec.Inherited());
        assertThat(process("\"stdout\":{\"file\":\"/dev/null\"}").stdout())
                .isEqualTo(new OutputSpec.Discarded());
    }

    private static ProcessSpec named(MonitorSpec spec, String id) {
        return spec.processes().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void usesTheSharedDefaultIdentity() throws IOException {
        MonitorSpec spec = good(Fixtures.read(Fixtures.GOOD.resolve("everything.json")));

        assertThat(spec.processes().getFirst().identity()).isSameAs(Identity.DEFAULT);
        assertThat(spec.processes().get(7).identity()).isSameAs(Identity.DEFAULT);
    }

    private static Limit limit(Limit.Resource resource, long soft, long hard) {
        return new Limit(resource, soft, hard);
    }

    @Test
    void monitoredAndRestartMayAgree() {
        assertThat(process("\"monitored\":true").restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(process("\"monitored\":\"true\"").restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(process("\"monitored\":false,\"restart\":\"never\"").restart())
                .isEqualTo(RestartPolicy.NEVER);
        assertThat(process("\"restart\":\"on-failure\"").restart())
                .isEqualTo(RestartPolicy.ON_FAILURE);
    }

    @Test
    void theSameDependencyTwiceIsOne() {
        String text =
                "{\"processes\":[{\"id\":\"a\",\"exec\":\"b\"},{\"id\":\"c\",\"exec\":\"d\","
                        + "\"depends\":[\"a\",\"a\",{\"on\":\"a\",\"when\":\"completed\"}]}]}";
        assertThat(good(read(text)).processes().get(1).depends()).hasSize(2);
    }

    @Test
    void aFileIsReadThroughALinkAndItsPathsStartWhereTheLinkStands() throws IOException {
        Path real = folder.resolve("real.json");
        Files.writeString(
                real, "\uFEFF{\"processes\":[{\"id\":\"a\",\"exec\":\"b\",\"cwd\":\"c\"}]}");
        Path links = Files.createDirectory(folder.resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("l.json"), real);
        assertThat(good(SpecReader.read(link)).processes().getFirst().cwd())
                .contains(links.resolve("c"));
    }

    @Test
    void aFileThatCannotBeReadIsAProblemOfItsOwn() throws IOException {
        Path missing = folder.resolve("missing.json");
        assertThat(problems(SpecReader.read(missing)))
                .containsExactly(missing + ":1:1: cannot read the file: there is no such file");
        assertThat(problems(SpecReader.read(folder)))
                .containsExactly(folder + ":1:1: cannot read the file: it is a folder");
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThat(problems(SpecReader.read(loop)))
                .singleElement()
                .asString()
                .startsWith(loop + ":1:1: cannot read the file: ");
        Path huge = folder.resolve("huge.json");
        Files.write(huge, new byte[SpecReader.LARGEST_FILE + 1]);
        assertThat(problems(SpecReader.read(huge)))
                .containsExactly(huge + ":1:1: the file is larger than 16 MiB");
    }

    @Test
    @Timeout(20)
    void fiveThousandProcessesAreReadAtOnce() {
        StringBuilder text = new StringBuilder("{\"processes\":[");
        for (int i = 0; i < 5000; i++) {
            String on = i == 0 ? "" : "\"p" + (i - 1) + "\",\"p" + i / 2 + "\"";
            text.append("{\"id\":\"p").append(i).append("\",\"exec\":\"sleep 1000\",");
            text.append("\"monitored\":true,\"wait\":\"1\",\"depends\":[");
            text.append(i == 1 ? "\"p0\"" : on).append("]},\n");
        }
        String all = text.append("]}").toString();
        assertThat(good(read(all)).processes()).hasSize(5000);

        String cycle = all.replaceFirst("\"depends\":\\[]", "\"depends\":[\"p4999\"]");
        assertThat(problems(read(cycle)).getFirst())
                .startsWith("f:")
                .contains("cycle: p0 -> p4999 -> p4998 -> ")
                .endsWith("-> … 4950 more … -> p0");

        String misspelt = all.replace("\"depends\":[\"p", "\"depends\":[\"pp");
        List<String> problems = problems(read(misspelt));
        assertThat(problems).hasSize(SpecReader.MOST_PROBLEMS + 1);
        assertThat(problems.getFirst()).endsWith("'pp0', did you mean 'p0'?");
        assertThat(problems.getLast()).endsWith(": and 4899 more problems");
    }

    @Test
    @Timeout(20)
    void reportsManyEntangledCycles() {
        StringBuilder names = new StringBuilder("\"p0\"");
        for (int i = 1; i < 300; i++) {
            names.append(",\"p").append(i).append('"');
        }
        StringBuilder text = new StringBuilder("{\"processes\":[");
        for (int i = 0; i < 300; i++) {
            text.append("{\"id\":\"p").append(i).append("\",\"exec\":\"x\",\"depends\":[");
            text.append(names).append("]},");
        }
        List<String> problems = problems(read(text.append("]}").toString()));
        assertThat(problems.getFirst()).endsWith("'p0' depends on itself");
        assertThat(problems.getLast()).endsWith(" more problems");
    }

    @Test
    void aKeyOfAnotherSupervisorIsAnsweredWithTheOneHere() {
        assertThat(
                        problems(
                                read(
                                        "{\"programs\":[],\"processes\":[{\"id\":\"a\",\"exec\":\"a\",\"command\":1,"
                                                + "\"autorestart\":1,\"environment\":1,\"name\":1,"
                                                + "\"working_dir\":1,\"Restart_Sec\":1,\"instances\":2,"
                                                + "\"services\":1}]}")))
                .extracting(problem -> problem.split(": ", 2)[1])
                .containsExactly(
                        "unknown key 'programs'; here it is 'processes'",
                        "unknown key 'command'; here it is 'exec'",
                        "unknown key 'autorestart'; here it is 'restart'",
                        "unknown key 'environment'; here it is 'env'",
                        "unknown key 'name'; here it is 'id'",
                        "unknown key 'working_dir'; here it is 'cwd'",
                        "unknown key 'Restart_Sec'; here it is 'restart_delay'",
                        "unknown key 'services'");
    }

    @Test
    @Timeout(30)
    void aMillionProblemsAreRefusedInTime() {
        String ones = "1,".repeat(2_000_000);
        assertThat(problems(read("{\"processes\":[" + ones + "]}")))
                .hasSize(SpecReader.MOST_PROBLEMS + 1);
        StringBuilder keys = new StringBuilder("{\"processes\":[],\"env\":{");
        for (int i = 0; i < 200_000; i++) {
            keys.append("\"").append(i).append("\":1,\"0\":2,");
        }
        assertThat(problems(read(keys.append("}}").toString())))
                .hasSize(SpecReader.MOST_PROBLEMS + 1);
    }
}
