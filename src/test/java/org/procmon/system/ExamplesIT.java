package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example starts as its README says, as far as that needs no container and no systemd. */
@Timeout(120)
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("examples");

    @TempDir Path folder = Path.of("");

    private void copy(String example, String port) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(example))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file).replace("8000", port);
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String curl(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("curl", "-fsS");
        builder.command().addAll(List.of(arguments));
        return TestProduct.run(builder).out();
    }

    @Test
    void theWebAppTakesAnOrderAndDoesIt() throws Exception {
        String port = String.valueOf(freePort());
        copy("web-app", port);
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        try (TestMonitor pair = TestMonitor.start(folder, List.of(), "run", file)) {
            pair.awaitState("worker.1", "running");
            pair.awaitState("worker.2", "running");
            assertThat(pair.row("schema").state()).isEqualTo("completed");

            String url = "http://127.0.0.1:" + port + "/";
            assertThat(curl("-d", "", url)).isEqualTo("order 1\n");
            patiently().until(() -> curl(url).equals("0 open, 1 done\n"));
            patiently()
                    .until(() ->
                            pair.cli("tail", "worker.2")
                                    .out()
                                    .equals("order 1 done by worker 2\n"));

            pair.must("start", "report");
            patiently().until(() -> pair.cli("tail", "report").out().equals("1\n"));
        }
        assertThat(folder.resolve("database.sock")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"container", "systemd-unit"})
    void theConfigurationHasNoProblemAndNoWarning(String example) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(example).resolve("procmon.json"));
        if (!System.getProperty("user.name").equals("root")) {
            // Only root may run a program as another user.
            text = text.replace("\"user\": \"www-data\",", "");
        }
        String file = Files.writeString(folder.resolve("procmon.json"), text).toString();
        Outcome outcome = TestProduct.procmon(folder, "check", "--strict", file);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out() + outcome.err()).contains("no problems");
    }

    @Test
    void theContainerRunsWhatItCopies() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("container/Dockerfile"));
        assertThat(text)
                .contains("COPY procmon /opt/procmon\n", "COPY procmon.json /etc/procmon.json\n")
                .containsPattern(
                        Pattern.compile(
                                "^ENTRYPOINT \\[\"/opt/procmon/bin/procmon\", \"run\", "
                                        + ".*\"/etc/procmon.json\"]$",
                                Pattern.MULTILINE));
    }

    @Test
    void theUnitIsThatOfTheGuide() throws IOException {
        String unit = Files.readString(EXAMPLES.resolve("systemd-unit/procmon.service"));
        assertThat(unit).contains("Type=notify\n", "KillMode=process\n", "Delegate=yes\n");
        assertThat(Files.readString(Path.of("docs/guide/systemd.md")))
                .contains("```ini\n" + unit + "```");
    }
}
