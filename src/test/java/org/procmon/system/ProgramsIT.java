package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where programs are found, and what becomes of a start that only a person can mend. */
@Timeout(60)
class ProgramsIT {
    @TempDir Path folder = Path.of("");

    private Path file(String name, String text, String mode) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path tool(String name) throws Exception {
        String text = "#!/bin/sh\necho \"$0 $1\" >>" + folder + "/found\n";
        return file(name, text + "[ \"$1\" != stay ] || exec sleep 1000\n", "rwxr-xr-x");
    }

    @Test
    void aProgramIsFoundOnThePathOfItsProcess() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path own = tool("venv/bin/own-tool");
        Path other = tool("srv/bin/other-tool");
        file("path.env", "PATH=" + folder + "/srv/bin:/usr/bin:/bin\n", "rw-------");
        Files.createFile(folder.resolve("found"));
        Files.setPosixFilePermissions(
                folder.resolve("found"), PosixFilePermissions.fromString("rw-rw-rw-"));
        String[] hooked = {
            Config.KEPT,
            "'env': {'PATH': '" + folder + "/venv/bin:${PATH}'}",
            "'ready': {'exec': 'own-tool ready'}",
            "'hooks': {'before_start': 'own-tool hook'}"
        };
        String configuration =
                Config.of(
                        Config.program("env", "own-tool stay", hooked),
                        Config.program(
                                "file",
                                "other-tool stay",
                                Config.KEPT,
                                "'env_file': 'path.env'",
                                "'user': 'nobody'",
                                "'umask': '027'"),
                        Config.program(
                                "relative",
                                "other-tool stay",
                                Config.KEPT,
                                "'cwd': 'srv'",
                                "'env': {'PATH': 'bin:/usr/bin:/bin'}"));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            for (String name : List.of("env", "file", "relative")) {
                monitor.awaitRun(name, 1);
            }
            patiently()
                    .until(() ->
                            monitor.lines("found")
                                    .containsAll(
                                            List.of(
                                                    own + " hook",
                                                    own + " stay",
                                                    own + " ready",
                                                    other + " stay")));
            assertThat(monitor.cli("check", monitor.file("procmon.json").toString()).out())
                    .endsWith(", no problems\n");
        }
    }

    /** What is wrong, as keys, and what is said of it. */
    private Map<String, String> errors() throws Exception {
        file("open.env", "A=1\n", "rw-r--r--");
        file("plain", "text", "rw-r--r--");
        file("lost", "#!/no/such/interpreter\r\n", "rwxr-xr-x");
        file("hidden/tool", "#!/bin/sh\n", "rwx------");
        Map<String, String> errors = new LinkedHashMap<>();
        errors.put("'exec': 'no-such-program'", "not found in PATH, which is ");
        errors.put("'exec': '" + folder + "/plain'", "/plain': Permission denied");
        errors.put("'exec': '" + folder + "/lost'", "interpreter '/no/such/interpreter\\r' does");
        errors.put(
                "'exec': '" + folder + "/hidden/tool', 'user': 'nobody'",
                "Permission denied, user 'nobody' may not enter ");
        errors.put(
                "'exec': 'sleep 1000', 'env_file': 'open.env'",
                "its mode 0644 lets everybody read it; do chmod 600 ");
        errors.put("'exec': 'sleep 1000', 'env_file': 'no.env'", "/no.env': No such file");
        errors.put("'exec': 'sleep 1000', 'user': 'no-such'", "there is no such user");
        errors.put("'exec': 'sleep 1000', 'group': 'no-such'", "there is no such group");
        errors.put("'exec': 'sleep 1000', 'cwd': 'nowhere'", "cannot change to folder '");
        errors.put(
                "'exec': 'sleep 1000', 'chroot': 'nowhere'", "/nowhere': there is no such folder");
        errors.put("'exec': 'sleep 1000', 'stdin': 'no-input'", "/no-input': No such file");
        errors.put(
                "'exec': 'sleep 1000', 'hooks': {'before_start': 'no-hook'}",
                "cannot execute 'no-hook': not found in PATH");
        return errors;
    }

    @Test
    void lastingErrorsAreCheckedAndNotRetried() throws Exception {
        Map<String, String> errors = errors();
        List<String> lines = new ArrayList<>();
        for (String keys : errors.keySet()) {
            String id = "p" + lines.size();
            lines.add("{'id': '" + id + "', 'monitored': true, " + keys + "}");
        }
        String all = "{'processes': [\n" + String.join(",\n", lines) + "\n]}\n";
        String configuration = all.replace('\'', '"');
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            int number = 0;
            for (String reason : errors.values()) {
                String id = "p" + number++;
                monitor.awaitState(id, "failed");
                assertThat(monitor.row(id).cause()).as(id).contains(reason);
                assertThat(
                                monitor.log()
                                        .lines()
                                        .filter(l ->
                                                l.contains(" ERROR process: " + id + " failed")))
                        .hasSize(1);
            }
            assertThat(monitor.cli("explain", "p4").out())
                    .contains(
                            "outlook:     nothing by itself; once that is corrected, 'procmon start")
                    .doesNotContain("restart in");
            assertIsFoundBefore(monitor, List.copyOf(errors.values()));
            Files.setPosixFilePermissions(
                    folder.resolve("open.env"), PosixFilePermissions.fromString("rw-------"));
            assertThat(monitor.cli("reload").out()).contains("p4   start\n");
            monitor.awaitRun("p4", 1);
            file("no.env", "A=1\n", "rw-------");
            monitor.must("start", "p5");
        }
    }

    private static void assertIsFoundBefore(TestMonitor monitor, List<String> reasons)
            throws Exception {
        Outcome lax = monitor.cli("check", monitor.file("procmon.json").toString());
        assertThat(lax.code()).isZero();
        List<String> lines = lax.out().lines().toList();
        assertThat(lines).hasSize(reasons.size() + 1);
        for (int i = 0; i < reasons.size(); i++) {
            assertThat(lines.get(i))
                    .matches(".*/procmon.json:" + (i + 2) + ":\\d+: warning: .*")
                    .contains(reasons.get(i));
        }
        Outcome strict = monitor.cli("check", "--strict", monitor.file("procmon.json").toString());
        assertThat(strict.code()).isEqualTo(78);
        assertThat(strict.out()).doesNotContain("warning").endsWith(" 12 problems\n");
    }

    @Test
    void aFileOfVariablesThatIsPublicMayBeReadByAll() throws Exception {
        file("open.env", "COLOUR=red\n", "rw-r--r--");
        String web =
                Config.program(
                        "web",
                        "sleep 1000",
                        Config.KEPT,
                        "'env_file': [{'path': 'open.env', 'public': true},"
                                + " {'path': 'none', 'optional': true}]");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(web))) {
            int pid = monitor.awaitRun("web", 1).pid();
            assertThat(Proc.environment(pid)).contains("COLOUR=red");
        }
    }
}
