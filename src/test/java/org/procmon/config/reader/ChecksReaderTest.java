package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.Checks;
import org.procmon.config.Dependency;
import org.procmon.config.Exec;
import org.procmon.config.Health;
import org.procmon.config.Health.Remedy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.config.SpecResult;

/** What says that a process is up; bad values are among the bad files. */
class ChecksReaderTest {
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration USUAL_INTERVAL = Duration.ofMillis(250);

    @Test
    void everyKindOfSignAndProbeArrives() throws IOException {
        MonitorSpec spec =
                ((SpecResult.Valid) Fixtures.read(Fixtures.GOOD.resolve("everything.json"))).spec();

        assertThat(process(spec, "api").checks())
                .isEqualTo(
                        new Checks(
                                Optional.of(
                                        new Readiness(
                                                new ReadySignal.Notify(),
                                                Duration.ofMinutes(1),
                                                USUAL_INTERVAL)),
                                Optional.of(
                                        new Health(
                                                new Probe.Http(
                                                        URI.create(
                                                                "http://localhost:8080/up?deep=1")),
                                                Duration.ofSeconds(5),
                                                Duration.ofMillis(500),
                                                2,
                                                Remedy.REPORT)),
                                Optional.of(Duration.ofSeconds(20))));
        assertThat(process(spec, "feed").checks())
                .isEqualTo(
                        checks(
                                new ReadySignal.Newline(4),
                                new Probe.Run(new Exec("check 'a b'", List.of("check", "a b")))));
        assertThat(process(spec, "blog").checks())
                .isEqualTo(
                        checks(
                                new ReadySignal.Output("^listening on .*$"),
                                new Probe.Tcp("::1", 80)));
        assertThat(process(spec, "wiki").checks().health())
                .map(Health::probe)
                .contains(new Probe.Unix(Path.of("/run/wiki.sock")));
        Path file = Fixtures.GOOD.toAbsolutePath().resolve("run/wiki.pid");
        assertThat(process(spec, "wiki").checks().ready())
                .contains(
                        new Readiness(
                                new ReadySignal.Appears(file),
                                USUAL_TIMEOUT,
                                Duration.ofSeconds(1)));
        assertThat(process(spec, "shop").checks().ready())
                .map(Readiness::sign)
                .contains(
                        new ReadySignal.Answers(
                                new Probe.Http(URI.create("https://localhost:81/"), true)));
        assertThat(process(spec, "shop").depends())
                .containsExactly(
                        new Dependency("api", Dependency.Condition.READY),
                        new Dependency("api", Dependency.Condition.HEALTHY));
        assertThat(process(spec, "plain").checks()).isSameAs(Checks.DEFAULT);
    }

    private static ProcessSpec process(MonitorSpec spec, String id) {
        return spec.processes().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
    }

    private static Checks checks(ReadySignal readySignal, Probe probe) {
        return new Checks(
                Optional.of(new Readiness(readySignal, USUAL_TIMEOUT, USUAL_INTERVAL)),
                Optional.of(
                        new Health(
                                probe,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(2),
                                3,
                                Remedy.RESTART)),
                Optional.empty());
    }
}
