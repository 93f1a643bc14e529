package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code check} says of a good configuration. */
class CheckCommandTest extends CommandRunner {
    @Test
    void checkShowsThePlaceOfEachWarningAndStrictFails() throws IOException {
        Path more = folder.resolve("more.json");
        Files.writeString(
                more, "{\"id\": \"c\", \"exec\": \"true\", \"env_file\": [\"x\",\n \"y\"]}");
        Path file = folder.resolve("a.json");
        Files.writeString(
                file,
                """
                {"include": "more.json", "processes": [
                 {"id": "a", "exec": "true", "instances": 2},
                 {"id": "b", "exec": "true", "hooks":
                  {"before_start": {"exec": "x"}}}]}
                """);
        remarks.add(remark("c", List.of("env_file", "1"), "not there", true));
        remarks.add(remark("b", List.of("hooks", "before_start", "exec"), "no such", true));
        remarks.add(remark("a.1", List.of("exec"), "not found", true));
        remarks.add(remark("a.2", List.of("exec"), "not found", true));
        remarks.add(remark("a.2", List.of(), "good to know", false));
        String found =
                file
                        + ":2:2: note: good to know\n"
                        + file
                        + ":2:22: warning: not found\n"
                        + file
                        + ":4:29: warning: no such\n"
                        + more
                        + ":2:2: warning: not there\n";
        assertThat(run("check", file.toString())).isZero();
        assertThat(out()).isEqualTo(found + file + ": 4 processes, 3 warnings\n");
        out.reset();

        assertThat(run("check", "--strict", file.toString())).isEqualTo(78);
        assertThat(out())
                .isEqualTo(found.replace("warning: ", "") + file + ": 4 processes, 3 problems\n");
        out.reset();
        remarks.removeIf(Inspector.Remark::isWarning);
        assertThat(run("check", "--strict", file.toString())).isZero();
        assertThat(out()).endsWith(": 4 processes, no problems\n");
    }

    @Test
    void countsAndPlacesPools() throws IOException {
        Path file = folder.resolve("a.json");
        Files.writeString(
                file,
                """
                {"pools": [
                 {"id": "php", "listen": "@php", "exec": "true"},
                 {"id": "app", "listen": "@app", "exec": "true"}]}
                """);
        remarks.add(remark("app", List.of("exec"), "not found", true));
        assertThat(run("check", file.toString())).isZero();
        assertThat(out())
                .isEqualTo(file + ":3:42: warning: not found\n" + file + ": 2 pools, 1 warning\n");
        out.reset();
        remarks.clear();
        Files.writeString(
                file,
                """
                {"processes": [{"id": "a", "exec": "true"}],
                 "pools": [{"id": "php", "listen": "@php", "exec": "true"}]}
                """);
        assertThat(run("check", file.toString())).isZero();
        assertThat(out()).isEqualTo(file + ": 1 process, 1 pool, no problems\n");
    }

    @Test
    void omitsNotesAboutDefaultValues() throws IOException {
        Path file = folder.resolve("a.json");
        Files.writeString(
                file,
                """
                {"processes": [
                 {"id": "a", "exec": "true", "stdout": {"file": "/dev/stdout"}},
                 {"id": "b", "exec": "true", "stdout": "inherit"}]}
                """);
        for (String process : List.of("a", "b")) {
            remarks.add(
                    new Inspector.Remark(process, List.of("stdout", "file"), "so", false, true));
        }
        assertThat(run("check", file.toString())).isZero();
        assertThat(out())
                .isEqualTo(file + ":2:49: note: so\n" + file + ": 2 processes, no problems\n");
    }

    @Test
    void aTerminalAlsoGetsTheLineWithACaret() throws IOException {
        descriptor = Files.createSymbolicLink(folder.resolve("fd"), Path.of("/dev/pts/0"));
        Path file = folder.resolve("a.json");
        Files.writeString(
                file,
                """
                {"processes": [
                \t{"id": "\u00e4\u6f22", "exec": "true", "wiat": 1},
                 {"id": "b", "exec": "true", "stdout": "x", "command": "a very long value that goes on and on", "nope": 1}]}
                """);
        assertThat(run("check", file.toString())).isEqualTo(78);
        assertThat(out().replaceAll("\u001b\\[[0-9]*m", "").replace(file.toString(), "FILE"))
                .contains(
                        """
                        unknown key 'wiat', did you mean 'wait'?
                        2 |  {"id": "\u00e4\u6f22", "exec": "true", "wiat": 1},
                          |                                ^
                        """)
                .contains(
                        """
                        unknown key 'nope'
                        3 | \u2026at goes on and on", "nope": 1}]}
                          |                      ^
                        """);
        assertThat(out()).contains("\u001b[31m^\u001b[0m");
    }

    private static Inspector.Remark remark(
            String process, List<String> keys, String text, boolean isWarning) {
        return new Inspector.Remark(process, keys, text, isWarning);
    }
}
