package org.procmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.cli.console.ExitCode;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakePools;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.events.EventLog;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.UsageSource;

/** What {@code list}, {@code status} and {@code explain} show of pools. */
@Timeout(30)
class PoolCommandsTest extends CommandRunner {
    private static final String PHP =
            """
            php: serving, a pool
              cause:       2 of 3 workers are busy
              since:       \\S+Z
              mode:        dynamic, 1 to 3 workers
              command:     php-cgi
              listens on:  /run/php.sock
              queue:       4 clients wait, the first for 1.2 s, room for 511
              workers:     2 busy, 1 idle, 3 in all
              so far:      5 started, 1 stopped when idle, 1 replaced, 3 busy at most, 6\
             waiting at most, all workers taken 2 times
                php.1: busy for 3.2 s, in read \\(unix_stream_read_generic\\), processor 410 ms,\
             23 MiB, up 13s, pid 4001
                php.2: kept, in read, 21 MiB, up 13s, pid 4002
                php.3: busy, 22 MiB, up 13s, pid 4003
            """;

    private final FakePools pools = new FakePools();

    @Override
    ControlServer open() throws IOException {
        return ControlServer.open(
                folder.resolve("control.sock"),
                ControlSpec.DEFAULT,
                new MonitorPorts(
                        supervisor,
                        output,
                        () -> upgrade,
                        Reloader.NONE,
                        new EventLog(supervisor::now, InstantSource.system()),
                        HookSource.NONE,
                        UsageSource.NONE,
                        pools),
                GroupMembership.NONE);
    }

    @BeforeEach
    void addPools() {
        PoolView php = FakePools.crowded();
        pools.views = List.of(php, FakePools.stopped("app"));
        List<ProcessView> processes = new ArrayList<>(supervisor.snapshot.processes());
        processes.addAll(FakePools.processes(php));
        supervisor.snapshot = new Snapshot(processes, supervisor.snapshot.monitors(), false);
    }

    @Test
    void statusOfAPoolShowsItsQueueAndWhatItsWorkersDo() {
        assertThat(run("status", "php")).isZero();
        assertThat(out()).matches(PHP);
    }

    @Test
    void aPoolThatIsStoppedIsNotRunning() {
        assertThat(run("status", "app")).isEqualTo(ExitCode.NOT_RUNNING);
        assertThat(out())
                .startsWith("app: stopped, a pool\n")
                .contains("cause:       stopped on request; clients get 503\n");
        pools.views = List.of(FakePools.deaf("app"));
        assertThat(run("status", "app")).isEqualTo(ExitCode.NOT_RUNNING);
        assertThat(run("status", "lost")).isEqualTo(ExitCode.NO_SUCH_PROCESS);
    }

    @Test
    void statusOfAllShowsAWorkerWithItsPoolOnly() {
        assertThat(run("status", "all")).isEqualTo(3);
        assertThat(out()).contains("web: running", "php: serving", "app: stopped, a pool");
        assertThat(out()).doesNotContain("php.1: running");
        assertThat(out().indexOf("web: ")).isLessThan(out().indexOf("php: "));
        out.reset();
        assertThat(run("status", "php.1")).isZero();
        assertThat(out()).startsWith("php.1: running for 13s\n").doesNotContain("a pool");
        out.reset();
        assertThat(run("status", "php.1", "php")).isZero();
        assertThat(out()).startsWith("php.1: running for 13s\n").contains("php: serving");
    }

    @Test
    void jsonHasThePoolsAfterTheProcessesAndAKeyToTellThem() {
        for (String command : List.of("list", "status")) {
            out.reset();
            int _ = run(command, "--json");
            assertThat(out())
                    .startsWith("[{\"name\":\"procmon1\"")
                    .contains("},{\"kind\":\"pool\",\"name\":\"php\",", "\"name\":\"php.1\"")
                    .endsWith("\"workers\":[]}]\n");
            assertThat(out().split("\"kind\":", -1)).hasSize(3);
        }
        out.reset();
        assertThat(run("list", "--json", "app")).isZero();
        assertThat(out()).startsWith("[{\"kind\":\"pool\",\"name\":\"app\"");
        out.reset();
        assertThat(run("list", "--json", "web")).isZero();
        assertThat(out()).doesNotContain("kind");
    }

    @Test
    void theListsOfUpstreamHaveWorkersAndNoPool() {
        assertThat(run("-l")).isZero();
        assertThat(run("-o", "json")).isZero();
        assertThat(out()).contains("php.1", "\"name\": \"php.3\"");
        assertThat(out()).doesNotContain("php ", "\"php\"");
    }

    @Test
    void anExplanationSaysWhyClientsWaitAndWhatComesNext() {
        assertThat(run("explain", "php")).isZero();
        assertThat(out())
                .matches(
                        PHP
                                + """
                                  reasons:     all 3 workers run, as many as 'workers' allows
                                               clients had to wait 2 times since all workers were busy
                                  outlook:     the client that has waited longest gets the first\
                                 worker that is done; workers that are not needed for 20.0 s are\
                                 stopped
                                """);
        assertThat(run("explain", "lost")).isEqualTo(ExitCode.NO_SUCH_PROCESS);
        out.reset();
        assertThat(run("explain", "--json", "php")).isZero();
        assertThat(out()).startsWith("{\"pool\":{\"kind\":\"pool\"").contains("\"reasons\":[");
    }

    @Test
    void anExplanationSaysWhyNoWorkerStarts() {
        pools.views = List.of(FakePools.broken("app"));
        output.write("app.1", StandardStream.STDERR, "no \u001b[2J module\n".getBytes(UTF_8));
        assertThat(run("explain", "app")).isZero();
        assertThat(out())
                .startsWith("app: failed, a pool\n  cause:       no worker starts: app.1")
                .contains("    app.1: failed\n", "  reasons:     app.1 (failed): was ended by")
                .endsWith("  last lines of stderr:\n    no \\u001b[2J module\n");
    }

    @Test
    void processesAreShownEvenIfThePoolsDoNotAnswer() {
        pools.hangs = true;
        assertThat(run("list", "--json")).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(out()).startsWith("[{\"name\":\"procmon1\"").endsWith("}]\n");
        assertThat(err()).startsWith("procmon: cannot show the pools: not done in time: ");
        out.reset();
        assertThat(run("status", "web")).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(out()).startsWith("web: running");
    }
}
