package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.Inspector;
import org.procmon.config.ControlSpec;
import org.procmon.config.FileAccess;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

class ConfigInspectorTest {
    @TempDir Path folder = Path.of("");

    @Test
    void findsTwoProcessesThatWriteOneFileByTwoNamesOfItsFolder() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(warnings(writer("a", real.resolve("x"), 0), writer("b", link.resolve("x"), 0)))
                .containsExactly(
                        "'stdout' of 'a' is written to the same file, "
                                + real.toRealPath().resolve("x"));
    }

    @Test
    void findsAFileThatAnotherIsRotatedTo() throws IOException {
        Path log = folder.toRealPath().resolve("a.log");
        Path rotated = folder.toRealPath().resolve("a.log.1");

        assertThat(warnings(writer("a", log, 2), writer("b", rotated, 0)))
                .containsExactly("'stdout' of 'a' is rotated to the same file, " + rotated);
        assertThat(warnings(writer("b", rotated, 0), writer("a", log, 2)))
                .containsExactly("it is rotated to the file of 'stdout' of 'b', " + rotated);
        assertThat(warnings(writer("a", log, 0), writer("b", rotated, 0))).isEmpty();
    }

    @Test
    void readsTheCertificateAndThePasswordsOfTheFront() throws IOException {
        Path users = Files.writeString(folder.resolve("users"), "ada:plain\n");
        String json =
                ("{'http': {'listen': ':8443', 'tls': {'certificate': '%s/none.pem'},"
                                + " 'auth': {'users': '%s'}, 'routes': [{'serve': 'control'}]}}")
                        .formatted(folder, users);
        SpecResult result =
                SpecReader.read(
                        Path.of("/f"),
                        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                        Map.of());
        assertThat(new ConfigInspector().inspect(((SpecResult.Valid) result).spec(), Map.of()))
                .filteredOn(remark -> !remark.keys().contains("exec"))
                .extracting(remark -> remark.process() + remark.keys() + ": " + remark.text())
                .satisfiesExactly(
                        text ->
                                assertThat(text)
                                        .isEqualTo(
                                                "http[tls]: there is no file "
                                                        + folder.resolve("none.pem")),
                        text -> assertThat(text).startsWith("http[auth, users]: " + users));
    }

    @Test
    void looksAtTheWorkersOfPools() {
        assertThat(remarks("'exec': 'no-such-program'"))
                .containsExactly(
                        "[exec]: cannot execute 'no-such-program': not found in PATH, which is"
                                + " /usr/bin:/bin");
        assertThat(remarks("'exec': 'true', 'env': {'PHP_FCGI_CHILDREN': 0}")).isEmpty();
        assertThat(remarks("'exec': 'true', 'env': {'PHP_FCGI_CHILDREN': 4}"))
                .containsExactly(
                        "[env, PHP_FCGI_CHILDREN]: PHP_FCGI_CHILDREN makes php-cgi start processes"
                                + " that the pool does not count; leave it out and set 'workers'");
    }

    @Test
    void looksAtWhatAPoolNeedsToListen() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String exec = "'exec': 'true', 'listen': '";
        String socket = exec + folder.resolve("s") + "'";
        assertThat(poolRemarks(socket + ", 'listen_owner': 'root', 'listen_group': 'auto'"))
                .isEmpty();
        assertThat(poolRemarks(socket + ", 'listen_owner': 'no-such-user'"))
                .containsExactly("[listen_owner]: there is no user 'no-such-user'");
        assertThat(poolRemarks(socket + ", 'listen_group': 'no-such-group'"))
                .containsExactly("[listen_group]: there is no group 'no-such-group'");
        assertThat(poolRemarks(exec + file + "'"))
                .containsExactly("[listen]: there is a file that is no socket: " + file);
        assertThat(poolRemarks(exec + "no-such-host.invalid:9000'"))
                .containsExactly("[listen]: there is no host 'no-such-host.invalid'");
        assertThat(poolRemarks(exec + "127.0.0.1:9000'")).isEmpty();
        assertThat(folder.toFile().setWritable(true, false)).isTrue();
        assertThat(poolRemarks(socket))
                .containsExactly(
                        "[listen]: any user may replace files in " + folder + "; chmod o-w it");
    }

    private static List<String> remarks(String keys) {
        return poolRemarks("'listen': '@php', " + keys);
    }

    private static List<String> poolRemarks(String keys) {
        String text = "{'pools': [{'id': 'php', " + keys + "}]}";
        byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        SpecResult result = SpecReader.read(Path.of("/f"), bytes, Map.of());
        MonitorSpec spec = ((SpecResult.Valid) result).spec();
        return new ConfigInspector()
                .inspect(spec, Map.of("PATH", "/usr/bin:/bin")).stream()
                        .filter(remark -> remark.process().equals("php") && remark.isWarning())
                        .map(remark -> remark.keys() + ": " + remark.text())
                        .toList();
    }

    private static List<String> warnings(ProcessSpec... processes) {
        MonitorSpec spec = new MonitorSpec(ControlSpec.DEFAULT, List.of(processes));
        return new ConfigInspector()
                .inspect(spec, Map.of("PATH", "/usr/bin:/bin")).stream()
                        .map(Inspector.Remark::text)
                        .filter(text -> text.contains("file"))
                        .toList();
    }

    private static ProcessSpec writer(String name, Path file, int keep) {
        return process(name)
                .program("/bin/true")
                .stdout(
                        new OutputSpec.Captured(
                                Optional.of(file), 1000, keep, false, FileAccess.DEFAULT))
                .stderr(new OutputSpec.WithStdout())
                .build();
    }
}
