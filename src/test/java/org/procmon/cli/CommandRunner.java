package org.procmon.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.console.Console;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** Commands as people give them, to a real control server in front of a supervisor that is none. */
abstract class CommandRunner {
    static final Path NO_LINK = Path.of("/nowhere");

    @TempDir Path folder = Path.of("");

    final FakeSupervisor supervisor = new FakeSupervisor();
    final FakeOutput output = new FakeOutput();
    volatile Upgrader.Outcome upgrade = new Upgrader.Outcome.Refused("no reason");
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** The file and the options of each monitor that was to be run. */
    final List<Object> ran = new ArrayList<>();

    /** Where the standard output leads. */
    Path descriptor = NO_LINK;

    @SuppressWarnings("NullAway.Init")
    ControlServer server;

    @BeforeEach
    void serve() throws IOException {
        server = open();
    }

    ControlServer open() throws IOException {
        return ControlServer.open(
                folder.resolve("control.sock"),
                ControlSpec.DEFAULT,
                new MonitorPorts(supervisor, output, () -> upgrade, Reloader.NONE),
                GroupMembership.NONE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** What is to be said of a good configuration. */
    final List<Inspector.Remark> remarks = new ArrayList<>();

    /** Runs with the state folder of this test. */
    int run(String... args) {
        return run(stream(out), args);
    }

    /** Likewise, with another standard output. */
    int run(PrintStream standardOutput, String... args) {
        Map<String, String> environment =
                Map.of("PROCMON_STATE_DIR", "/nowhere", "COLUMNS", "80", "LINES", "24");
        Console console = new Console(standardOutput, stream(err), environment, descriptor);
        List<String> all = new ArrayList<>(List.of(args));
        if (!all.isEmpty()) {
            all.addAll(0, List.of("--state-dir", folder.toString()));
        }
        return CommandLine.run(
                all.toArray(new String[0]),
                console,
                (file, options) -> {
                    ran.add(file);
                    ran.add(options);
                    return 17;
                },
                (_, _) -> remarks);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, false, StandardCharsets.UTF_8);
    }
}
