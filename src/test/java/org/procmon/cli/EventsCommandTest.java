package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.console.Console;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** {@code procmon events} with monitors that follow one another. */
@Timeout(60)
class EventsCommandTest {
    private static final String NAME = "procmon1\u001b[2J";

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private EventLog eventLog = chronicle(1);

    @Test
    void printsEventsAndContinuesWithTheNextMonitor() throws Exception {
        ControlServer server = open();
        CompletableFuture<Integer> events = CompletableFuture.supplyAsync(() -> run("events"));
        awaitOutput("1970-01-01T00:00:01.000Z procmon1\\u001b[2J: is at 1\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        server.close();
        eventLog = chronicle(2);
        eventLog.add(new MonitorEvent.OfMonitor(NAME, "took over", ""));
        server = open();
        awaitOutput("1970-01-01T00:00:02.000Z procmon1\\u001b[2J: took over\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "procmon: some events may be missing here; the monitor no longer"
                                + " has them\n");
        server.close();
        assertThat(events.get(30, TimeUnit.SECONDS)).isEqualTo(6);
    }

    @Test
    void printsTheMonitorsJsonUnchanged() throws Exception {
        try (ControlServer _ = open()) {
            CompletableFuture<Integer> events =
                    CompletableFuture.supplyAsync(() -> run("events", "--json", "procmon*"));
            awaitOutput(
                    ",\"at\":\"1970-01-01T00:00:01.000Z\",\"monotonic_ns\":9,\"kind\":\"monitor\","
                            + "\"name\":\"procmon1\\u001B[2J\",\"what\":\"is at 1\",\"cause\":\"\","
                            + "\"text\":\"procmon1\\u001B[2J: is at 1\"}\n");
            assertThat(events).isNotDone();
        }
    }

    @Test
    void aNameThatNothingHasIsAnError() throws Exception {
        try (ControlServer _ = open()) {
            assertThat(run("events", "web", "wbe")).isEqualTo(4);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(
                            "procmon: cannot show the events of web wbe: there is no process"
                                    + " 'wbe', did you mean 'web'?\n");
        }
    }

    @Test
    void withoutAMonitorThereIsNothingToShow() {
        assertThat(run("events")).isEqualTo(6);
        assertThat(run("events", "-f")).isEqualTo(2);
    }

    /** Makes events until they come, since it cannot be seen when somebody begins to watch. */
    private void awaitOutput(String text) {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> {
                    if (!out.toString(StandardCharsets.UTF_8).contains(text)) {
                        eventLog.add(new MonitorEvent.OfMonitor(NAME, "is at 1", ""));
                    }
                    return out.toString(StandardCharsets.UTF_8).contains(text);
                });
    }

    private ControlServer open() throws IOException {
        return ControlServer.open(
                folder.resolve("control.sock"),
                ControlSpec.DEFAULT,
                new MonitorPorts(
                        new FakeSupervisor(),
                        new FakeOutput(),
                        Upgrader.NONE,
                        Reloader.NONE,
                        eventLog,
                        HookSource.NONE),
                GroupMembership.NONE);
    }

    private static EventLog chronicle(int second) {
        return new EventLog(() -> new Ticks(9), InstantSource.fixed(Instant.ofEpochSecond(second)));
    }

    private int run(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "--state-dir";
        all[1] = folder.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        Path.of("/nowhere"));
        return CommandLine.run(all, console, (_, _) -> 0, (_, _) -> List.of());
    }
}
