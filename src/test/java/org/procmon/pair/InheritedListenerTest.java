package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.SocketFile;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Environment;
import org.procmon.posix.ProgramReplacement;
import org.procmon.posix.Signals;

/** A program listens, becomes another one that goes on listening, and stops. */
@Timeout(120)
class InheritedListenerTest {
    private static final int SIGUSR2 = 12;
    private static final int SIGTERM = 15;
    private static final String LIST = "{\"method\":\"org.procmon.Monitor.List\"}";

    @TempDir Path folder = Path.of("");

    @Test
    void refusesNoConnectionDuringATakeover() throws Exception {
        Path socket = folder.resolve("control.sock");
        Process process =
                new ProcessBuilder(command(socket, "bind"))
                        // It complains about the many connections.
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader told = process.inputReader(StandardCharsets.UTF_8)) {
            int pid = (int) process.pid();
            assertThat(told.readLine()).isEqualTo("bind serves as " + pid);
            assertThat(answer(socket)).startsWith("{\"parameters\"");
            Object inode = Files.getAttribute(socket, "unix:ino");

            Signals.send(pid, SIGUSR2);
            while (!told.ready()) {
                // Refused, this would throw.
                new RawConnection(socket).close();
            }
            assertThat(told.readLine()).isEqualTo("inherit serves as " + pid);
            // As long as it has too many connections, it ends new ones.
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(answer(socket)).startsWith("{\"parameters\""));
            assertThat(Files.getAttribute(socket, "unix:ino")).isEqualTo(inode);

            Signals.send(pid, SIGTERM);
            assertThat(told.readLine()).isEqualTo("inherit has stopped");
            assertThat(process.waitFor()).isZero();
            assertThat(folder).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String answer(Path socket) throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            return client.call(LIST);
        }
    }

    private static List<String> command(Path socket, String how) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Listening.class.getName());
        command.add(socket.toString());
        command.add(how);
        return command;
    }

    /** Binds or inherits its socket; SIGUSR2 lets it become a new one of its kind. */
    static final class Listening {
        private Listening() {}

        public static void main(String[] args) throws Exception {
            Path socket = Path.of(args[0]);
            InheritedListener port = new InheritedListener();
            SocketFile file =
                    args[1].equals("bind")
                            ? SocketFile.bind(socket, ControlSpec.DEFAULT, port)
                            : SocketFile.inherited(
                                    socket, InheritedListener.inherited().orElseThrow(), port);
            ControlServer server =
                    ControlServer.serve(
                            file,
                            ControlSpec.DEFAULT,
                            MonitorPorts.of(new FakeSupervisor()),
                            GroupMembership.NONE,
                            (_, bug) -> bug.printStackTrace());
            SignalHandlers.on(
                    "USR2",
                    () ->
                            System.out.println(
                                    ProgramReplacement.replace(
                                            command(socket, "inherit"),
                                            Environment.of(Map.of()),
                                            Map.of(),
                                            List.of(),
                                            List.of())));
            SignalHandlers.on("TERM", () -> stop(server, args[1]));
            System.out.println(args[1] + " serves as " + CurrentProcess.pid());
            Thread.currentThread().join();
        }

        private static void stop(ControlServer server, String how) {
            try {
                server.stop(Duration.ofSeconds(10));
                System.out.println(how + " has stopped");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(0);
        }
    }
}
