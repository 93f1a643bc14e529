package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeReloader;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** The commands that change the configuration, from the arguments to the monitor and back. */
@Timeout(60)
class ReloadCommandTest {
    private static final ChangePlan PLAN =
            new ChangePlan(
                    List.of(
                            new ChangePlan.Change(
                                    "web",
                                    ChangePlan.Action.RESTART,
                                    List.of("exec", "env"),
                                    List.of("stop")),
                            new ChangePlan.Change(
                                    "worker.1", ChangePlan.Action.LIVE, List.of("stop")),
                            new ChangePlan.Change("job", ChangePlan.Action.START, List.of()),
                            new ChangePlan.Change("old", ChangePlan.Action.STOP, List.of())),
                    7);

    @TempDir Path folder = Path.of("");

    private final FakeReloader reloader = new FakeReloader();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @BeforeEach
    void serve() throws IOException {
        server =
                ControlServer.open(
                        folder.resolve("control.sock"),
                        ControlSpec.DEFAULT,
                        new MonitorPorts(
                                new FakeSupervisor(), OutputSource.NONE, Upgrader.NONE, reloader),
                        GroupMembership.NONE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void printsWhatAReloadDoes() {
        reloader.outcome =
                new Reloader.Outcome.Planned(
                        PLAN, List.of("start_budget", "orphans"), List.of("control"));
        assertThat(run("reload")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        web       restart: exec, env; live: stop
                        worker.1  live: stop
                        job       start
                        old       stop
                        7 unchanged
                        start_budget: takes effect now
                        orphans: takes effect now
                        control: takes effect after 'procmon upgrade'
                        """);
        assertThat(reloader.asked).containsExactly("reload");
    }

    @Test
    void dryRunAsksForAPlanOnly() {
        assertThat(run("reload", "--dry-run")).isZero();
        assertThat(out).hasToString("0 unchanged\n");
        assertThat(reloader.asked).containsExactly("rehearse");
    }

    @Test
    void printsEveryProblemOfTheFile() {
        reloader.outcome = new Reloader.Outcome.Invalid(List.of("f:1:2: this", "f:3:4: that"));
        assertThat(run("reload")).isEqualTo(ExitCode.CONFIGURATION_INVALID);
        assertThat(err)
                .hasToString(
                        "f:1:2: this\nf:3:4: that\nprocmon: cannot reload the configuration: it has"
                                + " problems, nothing was changed\n");
    }

    @Test
    void instancesAreScaled() {
        reloader.outcome = new Reloader.Outcome.Planned(PLAN, List.of(), List.of());
        assertThat(run("scale", "web", "8")).isZero();
        assertThat(run("scale", "web", "0")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("job       start\n");
        assertThat(reloader.asked).containsExactly("scale web 8", "scale web 0");
    }

    @Test
    void whatCannotBeScaledIsSaid() {
        reloader.outcome = new Reloader.Outcome.Failed("web", "it has no number of 'instances'");
        assertThat(run("scale", "web", "2")).isEqualTo(ExitCode.FAILED);
        reloader.outcome = new Reloader.Outcome.NoSuchProcess("wob");
        assertThat(run("scale", "wob", "2")).isEqualTo(ExitCode.NO_SUCH_PROCESS);
        assertThat(run("scale", "web-*", "2")).isEqualTo(ExitCode.USAGE);
        assertThat(run("scale", "web", "many")).isEqualTo(ExitCode.USAGE);
        assertThat(err)
                .hasToString(
                        "procmon: cannot run 2 instances of web: it has no number of 'instances'\n"
                                + "procmon: cannot run 2 instances of wob: there is no process"
                                + " 'wob', did you mean 'job'?\n"
                                + "procmon: cannot run 2 instances of web-*: a number is given for"
                                + " one name only\n"
                                + "procmon: cannot understand the arguments: 'many' is no number"
                                + " of instances\n"
                                + "Try 'procmon --help'.\n");
    }

    @Test
    void refusesANonNumberOnTheWire() throws IOException {
        try (RawConnection client = new RawConnection(folder.resolve("control.sock"))) {
            for (String number : List.of("-1", "1.5", "\"1\"", "1e9", "99999999999")) {
                assertThat(
                                client.call(
                                        "{\"method\":\"org.procmon.Monitor.Scale\",\"parameters\":"
                                                + "{\"name\":\"web\",\"instances\":"
                                                + number
                                                + "}}"))
                        .contains("InvalidParameter")
                        .contains("instances");
            }
            assertThat(
                            client.call(
                                    "{\"method\":\"org.procmon.Monitor.Reload\",\"parameters\":"
                                            + "{\"dry_run\":true}}"))
                    .isEqualTo(
                            "{\"parameters\":{\"plan\":{\"changes\":[],\"unchanged\":0,"
                                    + "\"later\":[]}}}");
        }
        assertThat(reloader.asked).containsExactly("rehearse");
    }

    private int run(String... args) {
        Console console =
                new Console(
                        stream(out),
                        stream(err),
                        Map.of("PROCMON_STATE_DIR", folder.toString()),
                        Path.of("/nowhere"));
        return CommandLine.run(args, console, (_, _) -> 0, (_, _) -> List.of());
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
